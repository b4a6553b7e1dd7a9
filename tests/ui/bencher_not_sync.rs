use scalebench::{Bencher, Measured, scale_bench};
use std::cell::Cell;

#[scale_bench]
fn bench(b: Bencher) -> Measured {
    let cell = Cell::new(1);
    b.iter(|| cell.get())
}

fn main() {}
