use scalebench::scale_bench;

#[scale_bench]
#[target_feature(enable = "avx2")]
fn bench() {}

fn main() {}
