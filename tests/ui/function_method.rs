use scalebench::scale_bench;

struct Map;

impl Map {
    #[scale_bench]
    fn insert(&self) {}
}

fn main() {}
