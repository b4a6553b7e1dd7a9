//! Functions that measure by themselves: `fn bench(b: Bencher) -> Measured`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Error, Result, ReturnType};

use crate::ast::Benchmark;
use crate::parameter::Owner;

/// Checks a function that takes a `Bencher`; any other is fine.
pub(crate) fn check(benchmark: &Benchmark) -> Result<()> {
    let Some(bencher) = benchmark.bencher() else {
        return Ok(());
    };
    if benchmark.member.is_some() {
        let message = "a `Bencher` measures one function, and a group measures several together: take the parameters that \
                       this one needs";
        return Err(Error::new_spanned(&bencher.ty, message));
    }
    if let Some(option) = &benchmark.options.parallel {
        let message = "a `Bencher` measures in concurrent mode: leave `parallel` out, or write a function whose \
                       parameters are made with `#[with(...)]`, one call of which runs in the pool";
        return Err(Error::new_spanned(option, message));
    }
    if let Some(option) = &benchmark.options.load {
        let message = "a `Bencher` calls in a closed loop, and `load` lets calls arrive on a schedule: write a function whose \
                       parameters are made with `#[with(...)]`, which is one call";
        return Err(Error::new_spanned(option, message));
    }
    if let Some(token) = &benchmark.signature.asyncness {
        let message = "a `Bencher` measures on threads: leave `async` out, or write an `async fn` whose parameters are made \
                       with `#[with(...)]`";
        return Err(Error::new_spanned(token, message));
    }
    for parameter in &benchmark.parameters {
        let message = match parameter.owner {
            Owner::Benchmark => continue,
            Owner::Harness if std::ptr::eq(parameter, bencher) => continue,
            Owner::Harness => "one `Bencher` is enough: it measures once",
            _ => {
                "beside a `Bencher` there are only `#[values]` parameters: make state with `let` in the function, which runs \
                 once a launch, and what threads own with `b.own(...)`"
            }
        };
        return Err(Error::new_spanned(&parameter.ty, message));
    }
    check_output(benchmark)
}

/// Whoever returns `Measured` cannot have forgotten to measure.
fn check_output(benchmark: &Benchmark) -> Result<()> {
    let signature = &benchmark.signature;
    let example = "a function that takes a `Bencher` returns what measuring gives, so that it cannot forget to: write \
                   `-> Measured`, and end with `b.iter(...)` or another way of measuring";
    match &signature.output {
        ReturnType::Default => Err(Error::new_spanned(&signature.ident, example)),
        ReturnType::Type(_, ty) if has_word(ty.to_token_stream(), "Measured") => Ok(()),
        ReturnType::Type(_, ty) => Err(Error::new_spanned(ty, example)),
    }
}

fn has_word(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => Ident::eq(&ident, word),
        TokenTree::Group(group) => has_word(group.stream(), word),
        _ => false,
    })
}
