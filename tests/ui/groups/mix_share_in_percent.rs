use scalebench::scale_bench_group;

#[scale_bench_group(mix(read = 0.9, write = 0.1))]
mod cache {
    fn read() {}

    fn write() {}
}

fn main() {}
