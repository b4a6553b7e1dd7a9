use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    #[shared]
    fn map() -> Vec<u64> {
        Vec::new()
    }

    #[role]
    fn read(map: &Vec<u8>) {
        let _ = map;
    }

    #[role]
    fn write() {}
}

fn main() {}
