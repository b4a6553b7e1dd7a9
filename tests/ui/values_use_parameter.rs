use scalebench::scale_bench;

#[scale_bench]
fn bench(map: &Vec<u8>, #[values(1, map)] _size: usize) {
    let _ = map;
}

fn main() {}
