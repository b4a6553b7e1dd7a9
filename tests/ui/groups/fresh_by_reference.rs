use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    #[role]
    fn read(#[fresh(Vec::new())] seen: &Vec<u64>) {}

    #[role]
    fn write() {}
}

fn main() {}
