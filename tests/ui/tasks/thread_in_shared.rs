use scalebench::scale_bench;

#[scale_bench]
async fn bench(#[with(thread.index())] _shared: &usize) {}

fn main() {}
