use scalebench::scale_bench;

const COUNTS: &[usize] = &[1, 0];

#[scale_bench(threads = COUNTS)]
fn bench() {}

fn main() {}
