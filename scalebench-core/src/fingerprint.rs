//! What tells one build of a program from another.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The fingerprint of the program that runs, even when its file has been replaced since.
///
/// # Errors
/// When its file cannot be read.
pub(crate) fn of_this() -> io::Result<String> {
    let running = Path::new("/proc/self/exe");
    if running.exists() {
        return of(running);
    }
    of(&std::env::current_exe()?)
}

/// The fingerprint of a program's file: its length and a 64-bit hash of its bytes. Builds differ by chance and not by
/// malice, so a fast hash is enough (FNV-1a, eight bytes at a time).
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn of(file: &Path) -> io::Result<String> {
    let mut file = File::open(file)?;
    let mut buffer = vec![0_u8; 1 << 16];
    let (mut hash, mut length) = (0xcbf2_9ce4_8422_2325_u64, 0_u64);
    loop {
        let filled = fill(&mut file, &mut buffer)?;
        length += filled as u64;
        for eight in buffer[..filled].chunks(8) {
            let mut word = [0_u8; 8];
            word[..eight.len()].copy_from_slice(eight);
            hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(0x0100_0000_01b3);
            // The multiplication carries upwards only.
            hash ^= hash >> 32;
        }
        if filled < buffer.len() {
            return Ok(format!("{length:x}-{hash:016x}"));
        }
    }
}

/// Reads until the buffer is full or the file ends, so that the words do not depend on how reads fall.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_running_program_is_its_file_and_no_other() {
        let this = of_this().expect("readable");
        let file = std::env::current_exe().expect("known");
        assert_eq!(this, of(&file).expect("readable"));
        assert_ne!(this, of(Path::new("/bin/sh")).expect("readable"));
    }

    #[test]
    fn a_missing_file_is_an_error() {
        assert!(of(Path::new("/nonexistent")).is_err());
    }
}
