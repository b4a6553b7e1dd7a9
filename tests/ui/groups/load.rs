use scalebench::scale_bench_group;

#[scale_bench_group(load)]
mod group {
    #[role]
    pub fn one() {}

    #[role]
    pub fn other() {}
}

fn main() {}
