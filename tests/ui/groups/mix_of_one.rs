use scalebench::scale_bench_group;

#[scale_bench_group(mix(read = 90))]
mod cache {
    fn read() {}
}

fn main() {}
