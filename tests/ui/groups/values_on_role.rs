use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    #[role]
    fn read(#[values(1, 2)] size: usize) {}

    #[role]
    fn write() {}
}

fn main() {}
