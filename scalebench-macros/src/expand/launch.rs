//! The launch function: makes the state once, and hands over how a thread's state, the inputs of a call and the call
//! itself are made.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Index, ReturnType};

use crate::ast::Benchmark;
use crate::maker::Maker;
use crate::parameter::{self, Owner, Parameter};
use crate::scan::mentions;
use crate::valid;

use super::instance::Instance;
use super::tokens::{at, erased, hidden, item, moved, spanned};
use super::values;

/// `fn __scalebench_launch`.
pub(super) fn function(
    benchmark: &Benchmark,
    instance: &Instance,
    private: &TokenStream,
) -> TokenStream {
    let writer = Writer { benchmark, private };
    if writer.is_async() {
        return writer.tasks_function(instance);
    }
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

/// Writes the parts of one launch function.
pub(super) struct Writer<'a> {
    pub(super) benchmark: &'a Benchmark,
    pub(super) private: &'a TokenStream,
}

impl Writer<'_> {
    pub(super) fn is_async(&self) -> bool {
        self.benchmark.signature.asyncness.is_some()
    }

    pub(super) fn of(&self, owner: Owner) -> impl Iterator<Item = (usize, &Parameter)> {
        self.benchmark
            .parameters
            .iter()
            .enumerate()
            .filter(move |(_, parameter)| parameter.owner == owner)
    }

    /// The `#[values]` that the function takes.
    fn handed(&self) -> impl Iterator<Item = (usize, &Parameter)> {
        self.of(Owner::Benchmark)
            .filter(|(index, _)| self.benchmark.arguments.contains(index))
    }

    /// The state of this thread that parameter `index` takes, as `&mut T`, in a closure that is given all of `own`.
    pub(super) fn own(&self, index: usize, span: Span) -> TokenStream {
        if self.is_async() {
            let own = spanned(hidden("own", index), span);
            return quote_spanned!(span=> #own.get_mut());
        }
        let mut place = Index::from(
            self.of(Owner::Thread)
                .take_while(|(at, _)| *at < index)
                .count(),
        );
        place.span = span;
        match self.benchmark.options.parallel {
            Some(_) => quote_spanned!(span=> own.#place.get_mut()),
            None => quote_spanned!(span=> &mut own.#place),
        }
    }

    /// In parallel mode the state, inputs and results of a call move to the pool and back, and with a task they move
    /// between the workers: this checks that each can.
    pub(super) fn sent(&self, span: Span, value: TokenStream) -> TokenStream {
        let private = moved(self.private, span);
        if self.is_async() {
            return quote_spanned!(span=> #private::Sent::by_task(#value));
        }
        match self.benchmark.options.parallel {
            Some(_) => quote_spanned!(span=> #private::Sent::new(#value)),
            None => value,
        }
    }

    /// What [`Self::sent`] has sent, on the other side.
    fn received(&self, name: Ident) -> TokenStream {
        if self.is_async() {
            return quote_spanned!(Span::mixed_site()=> #name.into_inner());
        }
        match self.benchmark.options.parallel {
            Some(_) => quote_spanned!(Span::mixed_site()=> #name.into_inner()),
            None => name.into_token_stream(),
        }
    }

    /// `|thread| { …; (own_2, own_5,) }`: the state of one thread.
    pub(super) fn own_closure(&self) -> TokenStream {
        let private = self.private;
        let made = self.of(Owner::Thread).map(|(index, _)| {
            let (own, value) = (hidden("own", index), self.made(index));
            quote_spanned!(Span::mixed_site()=> let mut #own = #value;)
        });
        let own = self.of(Owner::Thread).map(|(index, parameter)| {
            let own = spanned(hidden("own", index), at(&parameter.ty));
            self.sent(at(&parameter.ty), own.into_token_stream())
        });
        let own: Vec<TokenStream> = own.collect();
        let own = (!own.is_empty()).then(|| quote_spanned!(Span::mixed_site()=> (#(#own,)*)));
        quote_spanned! {Span::mixed_site()=>
            |thread: #private::Thread| { let _ = thread; #(#made)* #own }
        }
    }

    /// `|thread, own| { …; ((input_3,),) }`: the inputs of one call. Values are copied here too, untimed.
    pub(super) fn input_closure(&self) -> TokenStream {
        let private = self.private;
        let (made, inputs) = self.made_inputs();
        quote_spanned! {Span::mixed_site()=>
            |thread: #private::Thread, own: &mut _| { let _ = (thread, &own); #made #inputs }
        }
    }

    /// The statements that make the inputs of one call, and the inputs; `None` when there are none.
    pub(super) fn made_inputs(&self) -> (TokenStream, Option<TokenStream>) {
        let made = self.of(Owner::Call).map(|(index, parameter)| {
            let (name, ty) = (self.input_name(index), self.erased(&parameter.ty));
            let value = self.made(index);
            quote_spanned!(Span::mixed_site()=> let #name: #ty = #value;)
        });
        let inputs = self.of(Owner::Call).map(|(index, parameter)| {
            let span = at(&parameter.ty);
            self.sent(span, self.input_name(index).into_token_stream())
        });
        let values = self.handed().map(|(index, parameter)| {
            let span = at(&parameter.ty);
            let value = spanned(hidden("value", index), span);
            self.sent(
                span,
                quote_spanned!(span=> ::core::clone::Clone::clone(#value.get())),
            )
        });
        (made.collect(), self.inputs(inputs.chain(values)))
    }

    /// The inputs of a call as the runtime wants them. `Handed` says that there are only values, which need not be made
    /// ahead of the calls unless they own something.
    fn inputs(&self, elements: impl Iterator<Item = TokenStream>) -> Option<TokenStream> {
        let private = self.private;
        let elements: Vec<TokenStream> = elements.collect();
        if elements.is_empty() {
            return None;
        }
        Some(if self.of(Owner::Call).next().is_none() {
            quote_spanned!(Span::mixed_site()=> #private::Handed((#(#elements,)*)))
        } else {
            quote_spanned!(Span::mixed_site()=> ((#(#elements,)*),))
        })
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
        used.cloned()
            .unwrap_or_else(|| spanned(hidden("input", index), at(&parameter.ty)))
    }

    /// `|own, ((input_3,),)| insert(…)`: the call.
    pub(super) fn call_closure(&self, instance: &Instance) -> TokenStream {
        let (inputs, call) = self.call(instance);
        quote_spanned! {Span::mixed_site()=>
            |own: &mut _, #inputs| #call
        }
    }

    /// The pattern of a call's inputs, and the call.
    ///
    /// What it returns is dropped after the timing, with one exception: what borrows from the state is dropped within
    /// the call. A lock's guard must be released before the next call, and a reference has nothing to drop.
    pub(super) fn call(&self, instance: &Instance) -> (TokenStream, TokenStream) {
        let signature = &self.benchmark.signature;
        let inputs = self
            .of(Owner::Call)
            .map(|(index, _)| hidden("input", index).into_token_stream());
        let values = self
            .handed()
            .map(|(index, _)| hidden("value", index).into_token_stream());
        let inputs = self
            .inputs(inputs.chain(values))
            .unwrap_or_else(|| quote!(()));
        let arguments = self.benchmark.arguments.iter();
        let arguments = arguments.map(|&index| self.argument(index));
        let function = item(&signature.ident);
        let generics = (!instance.arguments.is_empty()).then(|| {
            let arguments = &instance.arguments;
            quote!(::<#(#arguments),*>)
        });
        let mut call = quote!(#function #generics (#(#arguments),*));
        if let Some(token) = &signature.asyncness {
            call = quote_spanned!(at(token)=> #call.await);
        }
        if valid::borrows(&signature.output) {
            call = quote_spanned!(Span::mixed_site()=> ::core::mem::drop(::core::hint::black_box(#call)));
        } else if let ReturnType::Type(_, ty) = &signature.output {
            let result = spanned(hidden("result", 0), at(ty));
            let sent = self.sent(at(ty), result.to_token_stream());
            call = quote_spanned!(Span::mixed_site()=> { let #result = #call; #sent });
        }
        (inputs, call)
    }

    /// What the function is called with.
    fn argument(&self, index: usize) -> TokenStream {
        let parameter = &self.benchmark.parameters[index];
        let span = at(&parameter.ty);
        let (borrow, value) = match parameter.owner {
            Owner::Call => return self.received(hidden("input", index)),
            Owner::Benchmark => return self.received(hidden("value", index)),
            Owner::Shared => {
                let state = spanned(hidden("state", index), span);
                (quote!(&), quote_spanned!(span=> #state.get()))
            }
            Owner::Thread => (quote!(&mut), self.own(index, span)),
        };
        if !parameter::is_unsized(&parameter.ty) {
            return value;
        }
        // The one place where the expression's type meets the parameter's: an error points at the parameter.
        let ty = self.erased(&parameter.ty);
        quote_spanned!(span=> { let borrowed: #borrow #ty = #value; borrowed })
    }

    pub(super) fn erased(&self, ty: &impl ToTokens) -> TokenStream {
        erased(self.benchmark, ty)
    }
}
