use scalebench::scale_bench;

struct Map;

impl Map {
    #[scale_bench]
    fn fill_up() {}
}

fn main() {}
