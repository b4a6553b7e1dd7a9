use scalebench::scale_bench;

struct Map;

impl Map {
    #[scale_bench]
    fn into_keys(self) {}
}

fn main() {}
