use scalebench::scale_bench;

struct Plain;

fn make() -> Result<u64, Plain> {
    Ok(1)
}

#[scale_bench]
fn bench(#[with(make()?)] _key: u64) {}

fn main() {}
