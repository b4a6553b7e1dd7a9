//! Functions may stand anywhere, come out of macros, and stay ordinary functions.

use scalebench::scale_bench;

mod outer {
    pub(crate) mod inner {
        use scalebench::scale_bench;

        #[scale_bench]
        pub(crate) fn nested() -> u8 {
            1
        }
    }
}

#[cfg_attr(all(), scale_bench(ignore))]
const fn constant(#[cfg_attr(all(), with(1))] key: u8) -> u8 {
    key
}

#[scale_bench]
extern "C" fn foreign() {}

#[scale_bench]
fn r#match(r#type: u8, #[with(r#type + 1)] next: u8) -> u8 {
    r#type + next
}

#[cfg(any())]
#[scale_bench]
fn absent(_: DoesNotExist) {}

macro_rules! annotated {
    ($name:ident, $parameter:ident: $ty:ty = $value:expr, $threads:expr, [$($count:literal),*]) => {
        #[scale_bench(threads = $threads)]
        fn $name(
            #[with($value)] $parameter: $ty,
            #[with(thread.count())] own: &mut usize,
            #[with(*own + thread.index())] input: usize,
            #[values($($count),*)] size: usize,
        ) {
            let _ = ($parameter, own, input, size);
        }
    };
}

annotated!(by_reference, state: &u8 = 3, [1, 2], [1, 2]);
annotated!(by_mutable_reference, state: &mut usize = thread.index(), COUNTS, [3]);

const COUNTS: &[usize] = &[1, 2];

fn main() {
    #[scale_bench]
    fn inside_a_function(_key: u8) {}

    assert_eq!(outer::inner::nested() + constant(1), 2);
    foreign();
    r#match(1, 2);
    inside_a_function(3);

    let mut names: Vec<_> = scalebench::__private::ENTRIES
        .iter()
        .map(|entry| (entry.module_path, entry.name))
        .collect();
    names.sort_unstable();
    let target = module_path!();
    let inner = format!("{target}::outer::inner");
    let expected = [
        (target, "by_mutable_reference"),
        (target, "by_reference"),
        (target, "constant"),
        (target, "foreign"),
        (target, "inside_a_function"),
        (target, "match"),
        (inner.as_str(), "nested"),
    ];
    assert_eq!(names, expected);
}
