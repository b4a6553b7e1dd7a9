use scalebench::scale_bench;

#[scale_bench(max_time = "99999999999 h")]
fn bench() {}

fn main() {}
