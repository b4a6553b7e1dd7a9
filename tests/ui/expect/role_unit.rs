use scalebench::scale_bench_group;

#[scale_bench_group(threads = [2, 4])]
mod cache {
    #[role(expect(latency <= 3 weeks))]
    fn read() {}

    #[role]
    fn write() {}
}

fn main() {}
