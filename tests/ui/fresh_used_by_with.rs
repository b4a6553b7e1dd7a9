use scalebench::scale_bench;

#[scale_bench]
fn bench(#[fresh(vec![1, 2])] keys: &Vec<u64>, #[with(keys.len())] _len: &mut usize) {
    let _ = keys;
}

fn main() {}
