use std::sync::Arc;

use scalebench::scale_bench;

struct Map;

impl Map {
    #[scale_bench]
    fn share(self: Arc<Self>) {}
}

fn main() {}
