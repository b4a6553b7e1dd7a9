use scalebench::scale_bench;

#[scale_bench]
fn bench(#[fresh(vec![thread.index()])] _keys: &Vec<usize>) {}

fn main() {}
