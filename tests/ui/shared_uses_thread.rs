use scalebench::scale_bench;

#[scale_bench]
fn bench(#[with(vec![thread.index()])] _map: &Vec<usize>) {}

fn main() {}
