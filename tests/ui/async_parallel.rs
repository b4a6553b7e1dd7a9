use scalebench::scale_bench;

#[scale_bench(runtime = Runtime, parallel)]
async fn bench() {}

fn main() {}
