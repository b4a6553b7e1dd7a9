#[scalebench::scale_bench(processes = [1, 2])]
fn bench(#[shared(vec![1_u8])] shared: &str) {
    let _ = shared;
}

fn main() {}
