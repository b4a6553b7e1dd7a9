use scalebench::scale_bench;

struct Runtime;

#[scale_bench(runtime = Runtime)]
async fn bench() {}

fn main() {}
