use scalebench::scale_bench;

#[scale_bench]
fn bench(
    #[with(1)]
    #[with(2)]
    _key: u64,
) {
}

fn main() {}
