//! The launch function of a function that measures by itself: hands it the `Bencher`.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::ReturnType;

use crate::ast::Benchmark;
use crate::parameter::Owner;

use super::instance::Instance;
use super::tokens::{at, hidden, moved, spanned};
use super::values;

/// `fn __scalebench_launch`.
pub(super) fn function(
    benchmark: &Benchmark,
    instance: &Instance,
    private: &TokenStream,
) -> TokenStream {
    let chosen = values::chosen(benchmark, instance.parameters.len(), private);
    let arguments = benchmark.parameters.iter().enumerate();
    let arguments = arguments.map(|(index, parameter)| {
        let span = at(&parameter.ty);
        if parameter.owner == Owner::Harness {
            let private = moved(private, span);
            return quote_spanned!(span=> #private::Bencher::new(launch));
        }
        let value = spanned(hidden("value", index), span);
        quote_spanned!(span=> ::core::clone::Clone::clone(#value.get()))
    });
    let call = instance.call(benchmark, arguments);
    let output = match &benchmark.signature.output {
        ReturnType::Type(_, ty) => at(ty),
        ReturnType::Default => Span::mixed_site(),
    };
    let located = moved(private, output);
    let outcome = quote_spanned!(output=> #located::finish(#call));
    quote_spanned! {Span::mixed_site()=>
        fn __scalebench_launch(launch: #private::Launch<'_>, choice: &[::core::primitive::usize]) {
            let _ = choice;
            #chosen
            #outcome
        }
    }
}
