use scalebench::scale_bench;

struct Map;

#[scale_bench]
fn bench(#[fresh] _map: &Map) {}

fn main() {}
