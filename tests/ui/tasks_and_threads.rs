use scalebench::scale_bench;

#[scale_bench(runtime = Runtime, tasks = [1, 8], threads = [1, 2])]
async fn bench() {}

fn main() {}
