use std::rc::Rc;

use scalebench::scale_bench;

#[scale_bench]
async fn bench(#[with(Rc::new(1))] _shared: &Rc<u8>) {}

fn main() {}
