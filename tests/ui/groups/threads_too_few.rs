use scalebench::scale_bench_group;

#[scale_bench_group(threads = [1, 2, 6])]
mod cache {
    #[role]
    fn read() {}

    #[role]
    fn scan() {}

    #[role]
    fn write() {}
}

fn main() {}
