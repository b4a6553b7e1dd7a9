use quote::quote;

use crate::source;

use super::*;

/// The whole output as text.
fn expanded(options: TokenStream, item: TokenStream) -> String {
    source::text(&scale_bench(options, item))
}

#[test]
fn the_function_stays_as_it_was_without_our_attributes() {
    let output = expanded(
        quote!(ignore),
        quote! {
            /// Inserts.
            #[inline]
            pub fn insert(#[with(1)] #[allow(unused)] mut key: u64, #[values(1)] size: usize) -> u64 { key + size as u64 }
        },
    );
    let function = "#[inline]pub fn insert(#[allow(unused)]mut key: u64, size: usize) -> u64 { key + size as u64 }";
    assert!(output.contains(function), "{output}");
}

#[test]
fn an_error_leaves_the_function_usable() {
    let output = expanded(
        quote!(thread = [1]),
        quote!(
            fn insert(#[with(1)] key: u64) {}
        ),
    );
    assert!(output.contains("compile_error"), "{output}");
    assert!(output.contains("fn insert(key: u64) {}"), "{output}");
    assert!(!output.contains("ENTRY"), "{output}");
}

#[test]
fn every_combination_of_types_and_constants_is_registered() {
    let options = quote!(types = [u8, u16], consts = [1, 2, 3]);
    let output = expanded(
        options,
        quote!(
            fn f<T, const N: usize>() {}
        ),
    );
    assert_eq!(output.matches("static __SCALEBENCH_ENTRY").count(), 6);
    assert!(output.contains("type T = u16;"), "{output}");
    assert!(output.contains("const N: usize = 3;"), "{output}");
}

#[test]
fn only_what_an_expression_mentions_is_bound_for_it() {
    let output = expanded(
        TokenStream::new(),
        quote!(
            fn f(#[with(1)] a: &u8, #[with(2)] b: &u16, #[with(*b)] c: &u32) {}
        ),
    );
    assert!(output.contains("let b: &u16 ="), "{output}");
    assert!(!output.contains("let a:"), "{output}");
    assert!(!output.contains("let thread ="), "{output}");
}

#[test]
fn lifetimes_of_the_function_are_left_to_inference() {
    let item = quote!(
        fn f<'a>(#[with(m())] map: &'a Map<'a, 'static, dyn for<'b> Fn(&'b u8)>) {}
    );
    let output = expanded(TokenStream::new(), item);
    assert!(
        output.contains("let value: Map<'_, 'static, dyn for<'b>Fn(&'b u8)>"),
        "{output}"
    );
}

#[test]
fn lints_that_the_function_allows_are_allowed_for_its_registration() {
    let item =
        quote! { #[allow(deprecated)] #[expect(clippy::ptr_arg)] #[must_use] fn f(a: &Old) {} };
    let output = expanded(TokenStream::new(), item);
    let registration = &output[output.find("doc(hidden)").expect("a registration")..];
    assert!(
        registration.contains("#[allow(deprecated)]#[allow(clippy::ptr_arg)]const"),
        "{output}"
    );
}
