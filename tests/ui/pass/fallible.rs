//! What a `?` in an expression may come from.
#![forbid(unsafe_code)]
#![deny(warnings)]

use std::error::Error;
use std::fmt;

use scalebench::{Bencher, Measured, scale_bench, scale_bench_group};

type Shareable = Box<dyn Error + Send + Sync>;

/// A text that is no error.
struct Words;

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("words")
    }
}

fn shareable() -> Result<u64, Shareable> {
    Ok("1".parse()?)
}

fn boxed() -> Result<u64, Box<dyn Error>> {
    Ok("1".parse()?)
}

fn send() -> Result<u64, Box<dyn Error + Send>> {
    Ok(1)
}

fn words() -> Result<u64, Words> {
    Some(1).ok_or(Words)
}

fn text() -> Result<u64, String> {
    Ok(1)
}

#[scale_bench]
fn owners(
    #[with(shareable()?)] shared: &u64,
    #[with(boxed()? + *shared)] own: &mut u64,
    #[fresh(send()?)] anew: &u64,
    #[fresh(words()?)] of_window: &mut u64,
    #[with(text()? + "1".parse::<u64>()? + Some(1).ok_or("none")?)] input: u64,
) {
    *own += shared + anew + *of_window + input;
}

#[scale_bench(parallel)]
fn pool(#[with(shareable()?)] _shared: &u64, #[with(shareable()?)] input: u64) -> u64 {
    input
}

#[scale_bench]
fn measures(b: Bencher) -> Result<Measured, Shareable> {
    let number = shareable()?;
    Ok(b.iter(|| number + 1))
}

#[scale_bench_group(threads = [2])]
mod group {
    use super::{Shareable, shareable};

    #[shared]
    fn number() -> Result<u64, Shareable> {
        shareable()
    }

    #[role]
    fn one(number: &u64, #[with(shareable()?)] own: &mut u64) {
        *own += number;
    }

    #[role]
    fn other(number: &u64) -> u64 {
        *number
    }
}

fn main() {
    for id in ["owners", "pool", "measures", "group::one"] {
        let id = format!("{}::{id}", module_path!());
        scalebench::__private::trial(&id, 2, 1_000_000).expect(&id);
    }
}
