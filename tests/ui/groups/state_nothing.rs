use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    #[shared]
    fn map() {}

    #[role]
    fn read() {}

    #[role]
    fn write() {}
}

fn main() {}
