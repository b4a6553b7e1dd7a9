use scalebench::scale_bench;

#[scale_bench(processes = [1, 2], threads = [1, 3], expect(speedup(6) >= 2, speedup(5) >= 2))]
fn bench() {}

fn main() {}
