use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    #[fresh]
    fn map() -> Vec<u64> {
        Vec::new()
    }

    #[role]
    fn read(map: &Vec<u64>, #[with(map.len())] length: &mut usize) {}

    #[role]
    fn write() {}
}

fn main() {}
