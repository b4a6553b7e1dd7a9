use scalebench::scale_bench;

#[scale_bench]
fn bench(#[with(key + 1)] _next: u64, key: u64) {
    let _ = key;
}

fn main() {}
