use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    #[role(share = 3)]
    fn read() {}
}

fn main() {}
