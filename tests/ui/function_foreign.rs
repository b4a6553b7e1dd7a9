use scalebench::scale_bench;

unsafe extern "C" {
    #[scale_bench]
    fn getpid() -> i32;
}

fn main() {}
