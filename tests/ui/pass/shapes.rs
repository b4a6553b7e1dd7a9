//! Lifetimes with bounds, every visibility, macros that write macros, and functions inside of others' bodies.

use std::borrow::Cow;

use scalebench::scale_bench;

#[scale_bench]
fn bounded<'short, 'long: 'short>(
    #[with("short")] short: &'short str,
    #[with(String::from("long"))] long: &'long String,
) -> &'short str {
    if short.len() > long.len() {
        short
    } else {
        long
    }
}

#[scale_bench]
fn with_where<'a, 'b>(
    #[with(vec![1])] own: &'a mut Vec<u8>,
    #[with(2)] shared: &'b u8,
) -> Cow<'a, [u8]>
where
    'b: 'a,
{
    own[0] = *shared;
    Cow::Borrowed(own)
}

#[scale_bench]
fn static_value(#[values("a", "b")] value: &'static str) -> &'static str {
    value
}

#[scale_bench]
fn closure_input(#[with(|number| number + 1)] function: fn(u8) -> u8, number: u8) -> u8 {
    function(number)
}

mod outer {
    pub(crate) mod visible {
        use scalebench::scale_bench;

        #[scale_bench]
        pub fn to_all() {}

        #[scale_bench]
        pub(crate) fn to_the_crate() {}

        #[scale_bench]
        pub(in crate::outer) fn to_a_module() {}

        #[scale_bench]
        #[inline(never)]
        #[cold]
        #[track_caller]
        #[must_use]
        pub(super) fn to_the_parent() -> u8 {
            1
        }
    }

    pub(crate) fn call_all() -> u8 {
        visible::to_all();
        visible::to_the_crate();
        visible::to_a_module();
        visible::to_the_parent()
    }
}

macro_rules! each {
    ($($(#[$attribute:meta])* $visibility:vis $module:ident: $state:ty => $call:expr;)+) => {
        $(
            $visibility mod $module {
                #[allow(unused_imports)]
                use super::*;

                $(#[$attribute])*
                #[scale_bench]
                pub(super) fn bench(#[with(<$state>::default())] own: &mut $state) {
                    let call: fn(&mut $state) = $call;
                    call(own);
                }
            }
        )+
    };
}

each! {
    /// Documented.
    words: Vec<String> => |words| words.push(String::new());
    #[inline(always)]
    pub(crate) numbers: u64 => |number| *number += 1;
}

macro_rules! define {
    ($macro_name:ident) => {
        macro_rules! $macro_name {
            ($name:ident) => {
                #[scale_bench]
                fn $name(own: &mut u8) {
                    *own = own.wrapping_add(1);
                }
            };
        }
    };
}

define!(annotated);
annotated!(by_a_macro_of_a_macro);

struct Map;

impl Map {
    fn benches() {
        #[scale_bench]
        fn in_a_method(#[with(Map)] _map: &Map) {}

        in_a_method(&Map);
    }
}

const _: () = {
    #[scale_bench]
    fn in_a_block() {}
};

fn main() {
    assert_eq!(bounded("a", &"bc".to_owned()), "bc");
    assert_eq!(with_where(&mut vec![1], &2)[0], 2);
    assert_eq!(static_value("a"), "a");
    assert_eq!(closure_input(|number| number * 2, 3), 6);
    assert_eq!(outer::call_all(), 1);
    words::bench(&mut Vec::new());
    numbers::bench(&mut 1);
    by_a_macro_of_a_macro(&mut 1);
    Map::benches();

    let mut names: Vec<_> = scalebench::__private::ENTRIES
        .iter()
        .map(|entry| {
            let path = format!("{}::{}", entry.module_path, entry.name);
            path.split_once("::")
                .map_or(String::new(), |(_, rest)| rest.to_owned())
        })
        .collect();
    names.sort_unstable();
    let expected = [
        "bounded",
        "by_a_macro_of_a_macro",
        "closure_input",
        "in_a_block",
        "in_a_method",
        "numbers::bench",
        "outer::visible::to_a_module",
        "outer::visible::to_all",
        "outer::visible::to_the_crate",
        "outer::visible::to_the_parent",
        "static_value",
        "with_where",
        "words::bench",
    ];
    assert_eq!(names, expected);
}
