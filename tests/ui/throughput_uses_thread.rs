use scalebench::scale_bench;

#[scale_bench(throughput = items(thread.index() + count))]
fn bench(count: usize) {
    let _ = count;
}

fn main() {}
