use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    fn read() {}
}

fn main() {}
