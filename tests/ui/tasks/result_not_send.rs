use std::rc::Rc;

use scalebench::scale_bench;

#[scale_bench]
async fn bench() -> Rc<u8> {
    Rc::new(1)
}

fn main() {}
