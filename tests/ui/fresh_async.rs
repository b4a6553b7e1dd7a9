use scalebench::scale_bench;

#[scale_bench(runtime = Runtime)]
async fn bench(#[fresh(vec![1])] _keys: &Vec<u8>) {}

fn main() {}
