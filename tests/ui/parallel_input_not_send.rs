use scalebench::scale_bench;

use std::rc::Rc;

#[scale_bench(parallel)]
fn bench(#[with(Rc::new(1))] _data: Rc<u8>) {}

fn main() {}
