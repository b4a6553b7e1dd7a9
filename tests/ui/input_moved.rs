use scalebench::scale_bench;

#[scale_bench]
fn bench(#[with(vec![1])] a: Vec<u8>, #[with(a)] _b: Vec<u8>) {
    let _ = a;
}

fn main() {}
