use scalebench::scale_bench;

struct Plain;

#[scale_bench]
fn bench(_plain: &Plain) {}

fn main() {}
