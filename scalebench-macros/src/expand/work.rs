//! `throughput`: what one call gets done, for one choice of values or for the inputs of each call.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, ExprLit, Lit};

use crate::ast::Benchmark;
use crate::options::{Throughput, Unit};

use super::instance::Instance;
use super::tokens::{at, moved};
use super::values;

/// `fn __scalebench_work`, when the option is given.
pub(super) fn function(
    benchmark: &Benchmark,
    instance: &Instance,
    private: &TokenStream,
) -> Option<TokenStream> {
    let Throughput { unit, count } = benchmark.options.throughput.as_ref()?;
    let by_input = benchmark.weight().is_some();
    let unit = match (unit, by_input) {
        (Unit::Items, false) => "Items",
        (Unit::Bytes, false) => "Bytes",
        (Unit::Items, true) => "ItemsByInput",
        (Unit::Bytes, true) => "BytesByInput",
    };
    let unit = Ident::new(unit, Span::mixed_site());
    if by_input {
        return Some(quote_spanned! {Span::mixed_site()=>
            fn __scalebench_work(_: &[::core::primitive::usize]) -> ::core::option::Option<#private::Work> {
                ::core::option::Option::Some(#private::Work::#unit)
            }
        });
    }
    let chosen = values::chosen(benchmark, instance.parameters.len(), private);
    let bindings = values::bindings(benchmark, &count.to_token_stream());
    let (count, span) = (typed(count), at(count));
    let located = moved(private, span);
    let work = quote_spanned!(span=> #located::work(#located::Work::#unit, #count));
    Some(quote_spanned! {Span::mixed_site()=>
        fn __scalebench_work(choice: &[::core::primitive::usize]) -> ::core::option::Option<#private::Work> {
            let _ = choice;
            #chosen
            #bindings
            #work
        }
    })
}

/// `let weight = …;`: what a call with these inputs gets done, when that depends on them.
pub(super) fn weight(benchmark: &Benchmark, private: &TokenStream) -> Option<TokenStream> {
    let Throughput { count, .. } = benchmark.weight()?;
    let bindings = values::bindings(benchmark, &count.to_token_stream());
    let (count, span) = (typed(count), at(count));
    let located = moved(private, span);
    let weight = quote_spanned!(span=> #located::weight(#count));
    Some(quote_spanned!(Span::mixed_site()=> let weight = { #bindings #weight };))
}

/// The field of the entry's options.
pub(super) fn field(benchmark: &Benchmark) -> Option<TokenStream> {
    let given = benchmark.options.throughput.is_some();
    given.then(|| quote_spanned!(Span::mixed_site()=> work: ::core::option::Option::Some(__scalebench_work),))
}

/// A bare number counts as a `u64`, not as the compiler's default of `i32`, which may be too small for it.
fn typed(count: &Expr) -> TokenStream {
    if let Expr::Lit(ExprLit {
        lit: Lit::Int(number),
        ..
    }) = count
        && number.suffix().is_empty()
        && let Ok(value) = number.base10_parse::<u64>()
    {
        let mut literal = Literal::u64_suffixed(value);
        literal.set_span(number.span());
        return literal.into_token_stream();
    }
    count.to_token_stream()
}
