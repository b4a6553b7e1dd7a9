#[scalebench::scale_bench(processes = [1, 2])]
fn bench(#[with(7)] port: &u16, #[shared(format!("localhost:{}", port))] address: &str) {
    let _ = (port, address);
}

fn main() {}
