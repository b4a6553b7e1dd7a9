use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    #[role]
    fn read() {}

    #[roles]
    fn write() {}
}

fn main() {}
