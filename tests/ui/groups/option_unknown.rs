use scalebench::scale_bench_group;

#[scale_bench_group(thread = [2, 4])]
mod cache {
    #[role]
    fn read() {}

    #[role]
    fn write() {}
}

fn main() {}
