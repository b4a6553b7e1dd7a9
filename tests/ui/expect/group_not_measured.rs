use scalebench::scale_bench_group;

#[scale_bench_group(threads = [2, 4], expect(efficiency(8) >= 0.7))]
mod cache {
    #[role]
    fn read() {}

    #[role]
    fn write() {}
}

fn main() {}
