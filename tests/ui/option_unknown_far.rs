use scalebench::scale_bench;

#[scale_bench(colour = "red")]
fn bench() {}

fn main() {}
