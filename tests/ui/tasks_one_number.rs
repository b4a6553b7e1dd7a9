use scalebench::scale_bench;

#[scale_bench(runtime = Runtime, tasks = 8)]
async fn bench() {}

fn main() {}
