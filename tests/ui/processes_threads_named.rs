#[scalebench::scale_bench(processes = [1, 2], threads = [1, 2])]
fn bench(#[values(1, 2)] threads: usize) {
    let _ = threads;
}

fn main() {}
