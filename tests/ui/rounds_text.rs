use scalebench::scale_bench;

#[scale_bench(rounds = "10")]
fn bench() {}

fn main() {}
