use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    #[shared]
    #[fresh]
    fn map() -> Vec<u64> {
        Vec::new()
    }

    #[role]
    fn read(map: &Vec<u64>) {}

    #[role]
    fn write() {}
}

fn main() {}
