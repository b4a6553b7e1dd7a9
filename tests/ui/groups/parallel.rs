use scalebench::scale_bench_group;

#[scale_bench_group(parallel)]
mod cache {
    #[role]
    fn read() {}

    #[role]
    fn write() {}
}

fn main() {}
