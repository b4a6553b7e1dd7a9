use scalebench::scale_bench;

const COUNT: u8 = 4;

#[scale_bench(threads = COUNT)]
fn bench() {}

fn main() {}
