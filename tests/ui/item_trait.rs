use scalebench::scale_bench;

#[scale_bench]
trait Bench {
    fn bench(&self);
}

fn main() {}
