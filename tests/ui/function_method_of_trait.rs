use scalebench::scale_bench;

trait Map {
    #[scale_bench]
    fn insert(&mut self, key: u64) {
        let _ = key;
    }
}

fn main() {}
