use scalebench::scale_bench;

#[scale_bench(load, threads = [4])]
async fn bench() {}

fn main() {}
