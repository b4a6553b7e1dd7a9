use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    #[shared]
    fn map(size: usize) -> Vec<u64> {
        vec![0; size]
    }

    #[role]
    fn read() {}

    #[role]
    fn write() {}
}

fn main() {}
