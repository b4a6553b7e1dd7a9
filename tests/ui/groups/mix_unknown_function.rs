use scalebench::scale_bench_group;

#[scale_bench_group(mix(read = 90, writes = 10))]
mod cache {
    fn read() {}

    fn write() {}
}

fn main() {}
