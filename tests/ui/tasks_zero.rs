use scalebench::scale_bench;

#[scale_bench(runtime = Runtime, tasks = [1, 0])]
async fn bench() {}

fn main() {}
