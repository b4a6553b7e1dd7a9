use scalebench::scale_bench;

#[scale_bench(consts = ["a"])]
fn bench<const N: usize>() {}

fn main() {}
