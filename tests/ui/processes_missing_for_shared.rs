#[scalebench::scale_bench(threads = [1, 2])]
fn bench(#[shared(String::new())] address: &str) {
    let _ = address;
}

fn main() {}
