use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    #[role(share = 0)]
    fn read() {}

    #[role]
    fn write() {}
}

fn main() {}
