use scalebench::scale_bench;

#[scale_bench]
async fn bench() {}

fn main() {}
