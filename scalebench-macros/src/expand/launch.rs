//! The launch function: makes the state once, and hands over how a thread's state, the inputs of a call and the call
//! itself are made.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Index;
use syn::ext::IdentExt;

use crate::ast::Benchmark;
use crate::maker::Maker;
use crate::parameter::{self, Owner, Parameter};
use crate::scan::{Mention, mentions};
use crate::valid;

use super::instance::Instance;
use super::{at, hidden, moved, values};

/// `fn __scalebench_launch`.
pub(super) fn function(
    benchmark: &Benchmark,
    instance: &Instance,
    private: &TokenStream,
) -> TokenStream {
    let writer = Writer { benchmark, private };
    let chosen = values::chosen(benchmark, instance.parameters.len(), private);
    let shared = writer.of(Owner::Shared).map(|(index, _)| {
        let (state, value) = (hidden("state", index), writer.made(index));
        quote_spanned!(Span::mixed_site()=> let #state = #value;)
    });
    let mode = match &benchmark.options.parallel {
        Some(option) => Ident::new("parallel", at(option)),
        None => Ident::new("concurrent", Span::mixed_site()),
    };
    let own = writer.own_closure();
    let input = writer.input_closure();
    let call = writer.call_closure(instance);
    quote_spanned! {Span::mixed_site()=>
        fn __scalebench_launch(launch: #private::Launch<'_>, choice: &[::core::primitive::usize]) {
            let _ = choice;
            #chosen
            #(#shared)*
            launch.#mode(#own, #input, #call);
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

/// The same name, found at another place by error messages.
fn spanned(mut name: Ident, span: Span) -> Ident {
    name.set_span(span);
    name
}

/// The last expression of a block that makes a tuple; none for the empty one, which a block without an end is.
fn tuple(names: impl Iterator<Item = Ident>) -> Option<TokenStream> {
    let names: Vec<Ident> = names.collect();
    (!names.is_empty()).then(|| quote_spanned!(Span::mixed_site()=> (#(#names,)*)))
}

struct Writer<'a> {
    benchmark: &'a Benchmark,
    private: &'a TokenStream,
}

impl Writer<'_> {
    fn of(&self, owner: Owner) -> impl Iterator<Item = (usize, &Parameter)> {
        self.benchmark
            .parameters
            .iter()
            .enumerate()
            .filter(move |(_, parameter)| parameter.owner == owner)
    }

    /// The place of a parameter among those with the same owner.
    fn place(&self, index: usize) -> Index {
        let owner = self.benchmark.parameters[index].owner;
        Index::from(self.of(owner).take_while(|(at, _)| *at < index).count())
    }

    /// `|thread| { …; (own_2, own_5,) }`: the state of one thread.
    fn own_closure(&self) -> TokenStream {
        let private = self.private;
        let made = self.of(Owner::Thread).map(|(index, _)| {
            let (own, value) = (hidden("own", index), self.made(index));
            quote_spanned!(Span::mixed_site()=> let mut #own = #value;)
        });
        let own = tuple(
            self.of(Owner::Thread)
                .map(|(index, _)| hidden("own", index)),
        );
        quote_spanned! {Span::mixed_site()=>
            |thread: #private::Thread| { let _ = thread; #(#made)* #own }
        }
    }

    /// `|thread, own| { …; (input_3,) }`: the inputs of one call.
    fn input_closure(&self) -> TokenStream {
        let private = self.private;
        let made = self.of(Owner::Call).map(|(index, parameter)| {
            let (name, ty, value) = (
                self.input_name(index),
                self.erased(&parameter.ty),
                self.made(index),
            );
            quote_spanned!(Span::mixed_site()=> let #name: #ty = #value;)
        });
        let inputs = tuple(
            self.of(Owner::Call)
                .map(|(index, _)| self.input_name(index)),
        );
        quote_spanned! {Span::mixed_site()=>
            |thread: #private::Thread, own: &mut _| { let _ = (thread, &own); #(#made)* #inputs }
        }
    }

    /// An input that a later one uses is bound under the user's own identifier, any other under a hidden name.
    fn input_name(&self, index: usize) -> Ident {
        let parameter = &self.benchmark.parameters[index];
        let used = parameter.name.as_ref().filter(|name| {
            self.of(Owner::Call)
                .skip_while(|(at, _)| *at <= index)
                .any(|(_, later)| match &later.maker {
                    Maker::With(expression) => mentions(expression, &name.to_string()).is_some(),
                    _ => false,
                })
        });
        used.cloned().unwrap_or_else(|| hidden("input", index))
    }

    /// `|own, (input_3,)| insert(…)`: the call.
    ///
    /// What it returns is dropped after the timing, with one exception: what borrows from the state is dropped within
    /// the call. A lock's guard must be released before the next call, and a reference has nothing to drop.
    fn call_closure(&self, instance: &Instance) -> TokenStream {
        let signature = &self.benchmark.signature;
        let inputs = self
            .of(Owner::Call)
            .map(|(index, _)| hidden("input", index));
        let arguments = (0..self.benchmark.parameters.len()).map(|index| self.argument(index));
        let function = super::item(&signature.ident);
        let generics = (!instance.arguments.is_empty()).then(|| {
            let arguments = &instance.arguments;
            quote!(::<#(#arguments),*>)
        });
        let mut call = quote!(#function #generics (#(#arguments),*));
        if valid::borrows(&signature.output) {
            call = quote_spanned!(Span::mixed_site()=> ::core::mem::drop(::core::hint::black_box(#call)));
        }
        quote_spanned! {Span::mixed_site()=>
            |own: &mut _, (#(#inputs,)*)| #call
        }
    }

    /// What the function is called with.
    fn argument(&self, index: usize) -> TokenStream {
        let parameter = &self.benchmark.parameters[index];
        let span = at(&parameter.ty);
        let (borrow, value) = match parameter.owner {
            Owner::Call => return hidden("input", index).into_token_stream(),
            Owner::Benchmark => {
                let value = spanned(hidden("value", index), span);
                return quote_spanned!(span=> ::core::clone::Clone::clone(#value.get()));
            }
            Owner::Shared => {
                let state = spanned(hidden("state", index), span);
                (quote!(&), quote_spanned!(span=> #state.get()))
            }
            Owner::Thread => {
                let mut place = self.place(index);
                place.span = span;
                (quote!(&mut), quote_spanned!(span=> &mut own.#place))
            }
        };
        if !parameter::is_unsized(&parameter.ty) {
            return value;
        }
        // The one place where the expression's type meets the parameter's: an error points at the parameter.
        let ty = self.erased(&parameter.ty);
        quote_spanned!(span=> { let borrowed: #borrow #ty = #value; borrowed })
    }

    /// A block that makes what the parameter takes, with everything in scope that its expression may use.
    fn made(&self, index: usize) -> TokenStream {
        let (parameter, private) = (&self.benchmark.parameters[index], self.private);
        let (ty, span) = (self.erased(&parameter.ty), at(&parameter.ty));
        let annotation = self.annotation(parameter);
        let (bindings, expression) = match &parameter.maker {
            Maker::With(expression) if can_fail(expression) => (
                self.bindings(index, expression),
                self.fallible(index, expression),
            ),
            Maker::With(expression) => (self.bindings(index, expression), expression.clone()),
            _ => {
                let private = moved(private, span);
                let default =
                    quote_spanned!(span=> <#ty as #private::DefaultState>::default_state());
                (TokenStream::new(), default)
            }
        };
        let result = match parameter.owner {
            Owner::Shared => quote_spanned!(span=> #private::Shared::new(value)),
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
        quote_spanned! {Span::mixed_site()=> {
            let made = || -> ::core::result::Result<_, #private::SetupError> {
                let value #annotation = #expression;
                ::core::result::Result::Ok(value)
            };
            match made() {
                ::core::result::Result::Ok(made) => made,
                ::core::result::Result::Err(error) => #private::setup_failed(#name, error),
            }
        }}
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
        let known = matches!(user.owner, Owner::Thread | Owner::Call) && !named;
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
        if used >= index {
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
            (Owner::Thread, Owner::Thread) => {
                let own = hidden("own", used);
                Some((
                    quote!(&mut #ty),
                    quote_spanned!(Span::mixed_site()=> &mut #own),
                ))
            }
            (Owner::Call, Owner::Thread) => {
                let place = self.place(used);
                Some((
                    quote!(&mut #ty),
                    quote_spanned!(Span::mixed_site()=> &mut own.#place),
                ))
            }
            _ => None,
        }
    }

    fn erased(&self, ty: &impl ToTokens) -> TokenStream {
        erased(self.benchmark, ty)
    }
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
                let mut erased =
                    proc_macro2::Group::new(group.delimiter(), without(group.stream(), lifetimes));
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
