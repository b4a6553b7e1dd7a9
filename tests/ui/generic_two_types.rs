use scalebench::scale_bench;

#[scale_bench(types = [u8])]
fn bench<A: Default, B: Default>() {}

fn main() {}
