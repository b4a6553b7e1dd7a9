//! The attribute's code names everything in full.
#![no_implicit_prelude]

use ::scalebench::scale_bench;

#[scale_bench(threads = [1, COUNT], types = [::core::primitive::u8])]
fn bench<T>(
    #[with(3)] _shared: &::core::primitive::u8,
    _own: &mut ::core::primitive::u16,
    #[values(1, 2..4)] _size: ::core::primitive::usize,
    #[values("a")] _text: &::core::primitive::str,
) -> ::core::option::Option<T> {
    ::core::option::Option::None
}

const COUNT: ::core::primitive::usize = 2;

fn main() {}
