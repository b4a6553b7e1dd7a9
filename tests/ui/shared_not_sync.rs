use scalebench::scale_bench;

use std::cell::Cell;

#[scale_bench]
fn bench(#[with(Cell::new(0))] _cell: &Cell<u8>) {}

fn main() {}
