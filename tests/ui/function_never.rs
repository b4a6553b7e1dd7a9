use scalebench::scale_bench;

#[scale_bench]
fn bench() -> ! {
    panic!()
}

fn main() {}
