use scalebench::scale_bench;

#[scale_bench]
fn bench(key: u64, #[with(vec![key])] _map: &Vec<u64>) {
    let _ = key;
}

fn main() {}
