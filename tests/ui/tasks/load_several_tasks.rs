use scalebench::scale_bench;

#[scale_bench(load, tasks = [4, 64])]
async fn bench() {}

fn main() {}
