use scalebench::scale_bench;

#[scale_bench]
fn bench(rng: &mut Vec<u8>, #[with(rng.len())] _map: &usize) {
    let _ = rng;
}

fn main() {}
