use scalebench::scale_bench;
use std::cell::Cell;

#[scale_bench]
fn bench(#[fresh(Cell::new(1))] _cell: &Cell<u8>) {}

fn main() {}
