use scalebench::scale_bench_group;

#[scale_bench_group(mix(read = 90, write = 10))]
mod cache {
    #[role(share = 3, expect(latency <= 3us))]
    fn read() {}

    fn write() {}
}

fn main() {}
