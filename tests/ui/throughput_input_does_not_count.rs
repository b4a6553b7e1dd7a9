use scalebench::scale_bench;

#[scale_bench(throughput = bytes(line))]
fn bench(line: String) {
    drop(line);
}

fn main() {}
