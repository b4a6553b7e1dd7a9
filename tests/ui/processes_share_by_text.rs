#[scalebench::scale_bench(processes = [1, 2])]
fn bench(#[shared(String::new())] shared: &String) {
    let _ = shared;
}

fn main() {}
