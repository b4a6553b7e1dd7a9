//! Names and places: what hides the attribute's own code from the user's, and from lints, and points errors at the user's.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::ast::Benchmark;
use crate::options::Options;

/// Where the runtime's hidden exports are.
pub(super) fn private(options: &Options) -> TokenStream {
    match &options.krate {
        Some(path) => quote!(#path::__private),
        None => quote!(::scalebench::__private),
    }
}

/// A local name that the user's expressions cannot see.
pub(super) fn hidden(name: &str, index: usize) -> Ident {
    Ident::new(&format!("{name}_{index}"), Span::mixed_site())
}

/// The user's name for an item, with a span of the attribute: it is not linted, and hidden local names do not hide it.
/// Items are found across macro boundaries.
pub(super) fn item(name: &Ident) -> Ident {
    let mut name = name.clone();
    name.set_span(Span::call_site().located_at(name.span()));
    name
}

/// The same tokens, found at another place by error messages.
pub(super) fn moved(tokens: &TokenStream, place: Span) -> TokenStream {
    let moved = tokens.clone().into_iter().map(|mut token| {
        token.set_span(token.span().located_at(place));
        token
    });
    moved.collect()
}

/// Spans of the attribute's own code that point at `tokens`, for errors that are about them.
pub(super) fn at(tokens: &impl ToTokens) -> Span {
    let first = tokens.to_token_stream().into_iter().next();
    first.map_or_else(Span::mixed_site, |token| {
        Span::mixed_site().located_at(token.span())
    })
}

/// The same name, found at another place by error messages.
pub(super) fn spanned(mut name: Ident, span: Span) -> Ident {
    name.set_span(span);
    name
}

/// The type with the function's own lifetimes left to inference: the launch function does not declare them.
pub(super) fn erased(benchmark: &Benchmark, ty: &impl ToTokens) -> TokenStream {
    let declared: Vec<String> = benchmark
        .signature
        .generics
        .lifetimes()
        .map(|parameter| parameter.lifetime.ident.to_string())
        .collect();
    if declared.is_empty() {
        ty.to_token_stream()
    } else {
        without(ty.to_token_stream(), &declared)
    }
}

fn without(tokens: TokenStream, lifetimes: &[String]) -> TokenStream {
    let mut after_quote = false;
    let erase = |token: TokenTree| {
        let name = std::mem::replace(&mut after_quote, false);
        match token {
            TokenTree::Ident(ident) if name && lifetimes.contains(&ident.to_string()) => {
                Ident::new("_", ident.span()).into()
            }
            TokenTree::Group(group) => {
                let mut erased = Group::new(group.delimiter(), without(group.stream(), lifetimes));
                erased.set_span(group.span());
                erased.into()
            }
            TokenTree::Punct(punct) => {
                after_quote = punct.as_char() == '\'';
                punct.into()
            }
            other => other,
        }
    };
    tokens.into_iter().map(erase).collect()
}
