use scalebench::scale_bench;

#[scale_bench(tasks = [8, 64], workers = 2, runtime = Pool, expect(throughput(16) >= 5k/s))]
async fn bench() {}

fn main() {}
