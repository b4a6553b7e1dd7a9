use scalebench::scale_bench;

#[scale_bench(consts = [1])]
fn bench() {}

fn main() {}
