use scalebench::scale_bench;

#[scale_bench(types = [u8, u16, u8])]
fn bench<T: Default>() {}

fn main() {}
