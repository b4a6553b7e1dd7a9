use scalebench::scale_bench_group;

#[scale_bench_group(mix(read = 90, write = 10))]
mod cache {
    fn read() {}

    fn write() {}

    #[role(expect(latency <= 3us))]
    fn scan() {}
}

fn main() {}
