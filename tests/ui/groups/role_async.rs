use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    #[role]
    async fn read() {}

    #[role]
    fn write() {}
}

fn main() {}
