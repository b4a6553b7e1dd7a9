use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    #[shared]
    fn map() -> impl Sync {
        0
    }

    #[role]
    fn read() {}

    #[role]
    fn write() {}
}

fn main() {}
