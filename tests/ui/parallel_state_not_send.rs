use std::rc::Rc;

use scalebench::scale_bench;

#[scale_bench(parallel)]
fn bench(#[with(Rc::new(1))] _own: &mut Rc<u8>) {}

fn main() {}
