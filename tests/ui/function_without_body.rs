use scalebench::scale_bench;

trait Map {
    #[scale_bench]
    fn insert();
}

fn main() {}
