use scalebench::scale_bench;

#[scale_bench(throughput = items(keys.len()))]
fn bench(keys: &Vec<u64>) {
    let _ = keys;
}

fn main() {}
