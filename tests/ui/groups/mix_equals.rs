use scalebench::scale_bench_group;

#[scale_bench_group(mix = [90, 10])]
mod cache {
    fn read() {}

    fn write() {}
}

fn main() {}
