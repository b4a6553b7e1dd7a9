use scalebench::scale_bench_group;

#[scale_bench_group]
mod cache {
    #[role]
    fn read<T>() {}

    #[role]
    fn write() {}
}

fn main() {}
