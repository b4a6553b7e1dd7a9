use scalebench::scale_bench;

#[scale_bench]
fn bench(own: &mut usize, #[fresh(vec![0; *own])] _keys: &Vec<u8>) {
    *own += 1;
}

fn main() {}
