//! The other process of the benchmark `processes`: reads numbers of eight bytes and answers each with its mix, until its
//! input ends.

use std::io::{self, Read, Write};

fn main() -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut number = [0; 8];
    loop {
        match input.read_exact(&mut number) {
            Ok(()) => {}
            Err(end) if end.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
        let mixed = u64::from_le_bytes(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        output.write_all(&mixed.rotate_left(31).to_le_bytes())?;
        output.flush()?;
    }
}
