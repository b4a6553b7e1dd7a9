//! The blocks that make what a parameter takes, with what its expression may use in scope.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use crate::maker::Maker;
use crate::parameter::{self, Owner, Parameter};
use crate::scan::{Mention, mentions};

use super::launch::Writer;
use super::tokens::{at, hidden, moved};

impl Writer<'_> {
    /// A block that makes what the parameter takes, with everything in scope that its expression may use.
    pub(super) fn made(&self, index: usize) -> TokenStream {
        let (parameter, private) = (&self.benchmark.parameters[index], self.private);
        let (ty, span) = (self.erased(&parameter.ty), at(&parameter.ty));
        let annotation = self.annotation(parameter);
        let (bindings, expression) = match parameter.maker.expression() {
            Some(expression) if can_fail(expression) => (
                self.bindings(index, expression),
                self.fallible(index, expression),
            ),
            Some(expression) => (self.bindings(index, expression), expression.clone()),
            None => {
                let private = moved(private, span);
                let default =
                    quote_spanned!(span=> <#ty as #private::DefaultState>::default_state());
                (TokenStream::new(), default)
            }
        };
        let result = match parameter.owner {
            // What its text stands for stays where it is made.
            Owner::Shared if matches!(parameter.maker, Maker::Shared(_)) => {
                quote_spanned!(Span::mixed_site()=> value)
            }
            Owner::Shared => {
                let holder = self.shared_holder(span);
                quote_spanned!(span=> #private::#holder::new(value))
            }
            Owner::Window => quote_spanned!(span=> #private::SharedAnew::new(value)),
            _ => quote_spanned!(Span::mixed_site()=> value),
        };
        let value = Ident::new("value", Span::mixed_site());
        quote_spanned!(Span::mixed_site()=> { #bindings let #value #annotation = #expression; #result })
    }

    /// An expression with a `?`: what comes out at the `?` ends the launch, as a message and not as a panic.
    fn fallible(&self, index: usize, expression: &TokenStream) -> TokenStream {
        let (parameter, private) = (&self.benchmark.parameters[index], self.private);
        let name = parameter
            .name
            .as_ref()
            .map_or_else(|| "_".to_owned(), |name| name.unraw().to_string());
        let annotation = self.annotation(parameter);
        let (made, run) = if self.is_async() {
            let made = quote_spanned! {Span::mixed_site()=> async {
                let value #annotation = #expression;
                ::core::result::Result::<_, #private::SetupError>::Ok(value)
            }};
            (made, quote_spanned!(Span::mixed_site()=> made.await))
        } else {
            let made = quote_spanned! {Span::mixed_site()=>
                || -> ::core::result::Result<_, #private::SetupError> {
                    let value #annotation = #expression;
                    ::core::result::Result::Ok(value)
                }
            };
            (made, quote_spanned!(Span::mixed_site()=> made()))
        };
        quote_spanned! {Span::mixed_site()=> {
            let made = #made;
            match #run {
                ::core::result::Result::Ok(made) => made,
                ::core::result::Result::Err(error) => #private::setup_failed(#name, error),
            }
        }}
    }

    /// What holds shared state.
    fn shared_holder(&self, span: Span) -> Ident {
        Ident::new(
            if self.is_async() {
                "TaskShared"
            } else {
                "Shared"
            },
            span,
        )
    }

    /// `: T`, so that an error about the expression's type points at both; nothing when T has no size.
    fn annotation(&self, parameter: &Parameter) -> Option<TokenStream> {
        let ty = self.erased(&parameter.ty);
        (!parameter::is_unsized(&parameter.ty)).then(|| quote!(: #ty))
    }

    /// Binds what the expression of parameter `index` mentions and may use.
    fn bindings(&self, index: usize, expression: &TokenStream) -> TokenStream {
        let user = &self.benchmark.parameters[index];
        let mut bindings = TokenStream::new();
        let named = self
            .benchmark
            .parameters
            .iter()
            .enumerate()
            .any(|(at, parameter)| {
                let before = at < index || parameter.owner == Owner::Benchmark;
                before && parameter.name.as_ref().is_some_and(|name| name == "thread")
            });
        let known = user.owner.knows_thread() && !named;
        if let Some(mention) = mentions(expression, "thread").filter(|_| known) {
            // The expression's own word, so that it is found under `macro_rules` too.
            let name = match mention {
                Mention::Word(word) => word,
                Mention::Text => Ident::new("thread", Span::call_site()),
            };
            let thread = Ident::new("thread", Span::mixed_site());
            bindings
                .extend(quote_spanned!(Span::mixed_site()=> let #name = #thread; let _ = #name;));
        }
        for (at, parameter) in self.benchmark.parameters.iter().enumerate() {
            let Some(name) = parameter.name.as_ref() else {
                continue;
            };
            if mentions(expression, &name.to_string()).is_none() {
                continue;
            }
            if let Some((ty, value)) = self.view(index, at) {
                bindings.extend(
                    quote_spanned!(Span::mixed_site()=> let #name: #ty = #value; let _ = &#name;),
                );
            }
        }
        bindings
    }

    /// Parameter `used` as the expression of parameter `index` sees it: its type and value. `None` if it does not, or
    /// if it is in scope already.
    fn view(&self, index: usize, used: usize) -> Option<(TokenStream, TokenStream)> {
        let (user, other) = (
            &self.benchmark.parameters[index],
            &self.benchmark.parameters[used],
        );
        let ty = self.erased(&other.ty);
        if other.owner == Owner::Benchmark {
            let value = hidden("value", used);
            return Some((
                ty,
                quote_spanned!(Span::mixed_site()=> ::core::clone::Clone::clone(#value.get())),
            ));
        }
        // What is made once for all processes sees nothing of one of them.
        if used >= index || matches!(user.maker, Maker::Shared(_)) {
            return None;
        }
        match (user.owner, other.owner) {
            (_, Owner::Shared) => {
                let state = hidden("state", used);
                Some((
                    quote!(&#ty),
                    quote_spanned!(Span::mixed_site()=> #state.get()),
                ))
            }
            (Owner::Window, Owner::Window) => {
                let common = hidden("common", used);
                Some((
                    quote!(&#ty),
                    quote_spanned!(Span::mixed_site()=> #common.get()),
                ))
            }
            (Owner::WindowThread | Owner::Call, Owner::Window) => {
                Some((quote!(&#ty), self.common(used, Span::mixed_site())))
            }
            (Owner::Thread, Owner::Thread) | (Owner::WindowThread, Owner::WindowThread) => {
                let own = hidden("own", used);
                let value = if self.is_async() {
                    quote_spanned!(Span::mixed_site()=> #own.get_mut())
                } else {
                    quote_spanned!(Span::mixed_site()=> &mut #own)
                };
                Some((quote!(&mut #ty), value))
            }
            (Owner::Call | Owner::WindowThread, Owner::Thread | Owner::WindowThread) => {
                Some((quote!(&mut #ty), self.own(used, Span::mixed_site())))
            }
            _ => None,
        }
    }
}

/// Whether the expression has a `?` in it. One inside a closure of its own is taken for another: that does no harm.
fn can_fail(expression: &TokenStream) -> bool {
    expression.clone().into_iter().any(|token| match token {
        TokenTree::Punct(punct) => punct.as_char() == '?',
        TokenTree::Group(group) => can_fail(&group.stream()),
        _ => false,
    })
}
