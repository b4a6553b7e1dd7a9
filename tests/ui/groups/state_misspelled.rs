use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    #[shared]
    fn entries() -> Vec<u64> {
        Vec::new()
    }

    #[role]
    fn read(entrys: &Vec<u64>) {}

    #[role]
    fn write() {}
}

fn main() {}
