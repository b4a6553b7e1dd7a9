use std::rc::Rc;

use scalebench::scale_bench;

#[scale_bench]
async fn bench() {
    let count = Rc::new(1);
    std::future::ready(()).await;
    drop(count);
}

fn main() {}
