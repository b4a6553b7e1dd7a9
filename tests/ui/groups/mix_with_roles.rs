use scalebench::scale_bench_group;

#[scale_bench_group(mix(read = 90, write = 10))]
mod cache {
    #[role]
    fn read() {}

    fn write() {}
}

fn main() {}
