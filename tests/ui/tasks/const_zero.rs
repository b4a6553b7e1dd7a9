use scalebench::scale_bench;

const TASKS: [usize; 2] = [1, 0];

#[scale_bench(tasks = TASKS)]
async fn bench() {}

fn main() {}
