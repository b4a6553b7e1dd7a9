use scalebench::scale_bench;

#[scale_bench(runtime = Runtime, workers = 2)]
async fn bench() {}

fn main() {}
