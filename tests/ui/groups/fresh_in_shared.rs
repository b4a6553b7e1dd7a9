use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    #[fresh]
    fn map() -> Vec<u64> {
        Vec::new()
    }

    #[shared]
    fn length(map: &Vec<u64>) -> usize {
        map.len()
    }

    #[role]
    fn read(length: &usize) {}

    #[role]
    fn write() {}
}

fn main() {}
