use scalebench::scale_bench_group;

#[scale_bench_group]
struct Cache;

fn main() {}
