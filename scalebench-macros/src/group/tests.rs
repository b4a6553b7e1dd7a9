use quote::quote;

use super::*;
use crate::source;

fn expanded(options: TokenStream, item: TokenStream) -> String {
    source::text(&scale_bench_group(options, item))
}

fn roles() -> TokenStream {
    quote! {
        mod cache {
            #[shared]
            fn map(#[values(1, 2)] size: usize) -> Map { Map::new(size) }
            #[role(share = 3)]
            fn read(map: &Map, #[with(thread.index())] key: &mut u64) -> u64 { map.get(key) }
            #[role]
            fn write(size: usize, map: &Map, #[with(size)] key: u64) {}
            fn helper() {}
        }
    }
}

#[test]
fn the_functions_stay_as_they_were_without_our_attributes() {
    let output = expanded(TokenStream::new(), roles());
    assert!(
        output.contains("fn map(size: usize) -> Map { Map::new(size) }"),
        "{output}"
    );
    assert!(
        output.contains("fn read(map: &Map, key: &mut u64) -> u64 {"),
        "{output}"
    );
    assert!(output.contains("fn helper() {}"), "{output}");
}

#[test]
fn state_is_made_once_and_every_function_is_registered() {
    let output = expanded(TokenStream::new(), roles());
    assert_eq!(
        output.matches("static __SCALEBENCH_ENTRY").count(),
        2,
        "{output}"
    );
    assert_eq!(output.matches("let state_1 =").count(), 1, "{output}");
    assert!(output.contains("shares: &[3u32, 1u32]"), "{output}");
    assert!(output.contains("map(size)"), "{output}");
}

#[test]
fn a_function_is_given_what_it_takes_in_its_own_order() {
    let output = expanded(TokenStream::new(), roles());
    assert!(
        output.contains("write(value_0, state_1.get(), input_2)"),
        "{output}"
    );
    assert!(
        output.contains("read(state_1.get(), &mut own.0)"),
        "{output}"
    );
}

#[test]
fn an_error_leaves_the_module_usable() {
    let output = expanded(quote!(thread = [1]), roles());
    assert!(output.contains("compile_error"), "{output}");
    assert!(
        output.contains("fn read(map: &Map, key: &mut u64)"),
        "{output}"
    );
    assert!(!output.contains("ENTRY"), "{output}");
}

#[test]
fn a_mix_takes_the_functions_that_it_names() {
    let item = quote! {
        mod cache {
            fn write(#[with(1)] key: u64) {}
            fn helper() {}
            fn read() {}
        }
    };
    let output = expanded(quote!(mix(read = 90, write = 10), threads = [1, 2]), item);
    assert!(
        output.contains("kind: ::scalebench::__private::GroupKind::Mix"),
        "{output}"
    );
    assert!(output.contains("shares: &[90u32, 10u32]"), "{output}");
    assert!(output.contains("launch.mix("), "{output}");
}
