use scalebench::scale_bench;

const NAMES: [&str; 2] = ["a", "b"];

#[scale_bench]
fn insert(#[values(NAMES)] size: usize) -> usize {
    size
}

fn main() {}
