use scalebench::scale_bench;

#[scale_bench]
fn bench(key: u64, #[fresh(vec![key])] _keys: &mut Vec<u64>) {
    drop(key);
}

fn main() {}
