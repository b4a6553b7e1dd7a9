//! The calls of `comparisons::inputs` under ScaleBench.

use comparisons::inputs::{self, FEW, MANY, Map};
use scalebench::scale_bench;

#[scale_bench(threads = [1, 2])]
fn remove(#[with(inputs::map())] map: Map) -> (Map, Option<u64>) {
    inputs::remove(map)
}

#[scale_bench(threads = [1, 2])]
fn sort_few(#[with(inputs::numbers::<FEW>())] numbers: Vec<u64>) -> Vec<u64> {
    inputs::sort(numbers)
}

#[scale_bench(threads = [1, 2])]
fn sort_many(#[with(inputs::numbers::<MANY>())] numbers: Vec<u64>) -> Vec<u64> {
    inputs::sort(numbers)
}

scalebench::main!();
