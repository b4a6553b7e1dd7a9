//! The launch function: makes the state once, and hands over how a thread's state, the inputs of a call and the call
//! itself are made.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Index, ReturnType};

use crate::ast::Benchmark;
use crate::parameter::{self, Owner, Parameter};
use crate::scan::mentions;
use crate::valid;

use super::instance::Instance;
use super::tokens::{at, erased, hidden, moved, spanned};
use super::{values, work};

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
    let kept = writer.kept();
    let is_kept = |index| benchmark.kept().is_some_and(|(kept, _)| kept == index);
    let shared = writer
        .of(Owner::Shared)
        .filter(|(index, _)| !is_kept(*index));
    let shared = shared.map(|(index, _)| {
        let (state, value) = (hidden("state", index), writer.made(index));
        quote_spanned!(Span::mixed_site()=> let #state = #value;)
    });
    let (mode, span) = match &benchmark.options.parallel {
        Some(option) => ("parallel", at(option)),
        None => ("concurrent", Span::mixed_site()),
    };
    let own = writer.own_closure();
    let input = writer.input_closure();
    let call = writer.call_closure(instance);
    // In a pool nobody asks.
    let error = benchmark.options.parallel.is_none().then(|| {
        let error = writer.error_closure();
        quote_spanned!(Span::mixed_site()=> , #error)
    });
    let run = if writer.renews() {
        let mode = Ident::new(&format!("{mode}_fresh"), span);
        let (common, fresh) = (writer.common_closure(), writer.fresh_closure());
        quote_spanned!(Span::mixed_site()=> launch.#mode(#own, #common, #fresh, #input, #call #error);)
    } else {
        let mode = Ident::new(mode, span);
        quote_spanned!(Span::mixed_site()=> launch.#mode(#own, #input, #call #error);)
    };
    quote_spanned! {Span::mixed_site()=>
        fn __scalebench_launch(launch: #private::Launch<'_>, choice: &[::core::primitive::usize]) {
            let _ = choice;
            #chosen
            #kept
            #(#shared)*
            #run
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

    /// What all processes share, before anything else is made: the process that keeps it calls nothing.
    fn kept(&self) -> Option<TokenStream> {
        let (index, parameter) = self.benchmark.kept()?;
        let (state, made, private) = (hidden("state", index), self.made(index), self.private);
        let span = at(&parameter.ty);
        let launch = Ident::new("launch", Span::mixed_site());
        let keep = quote_spanned!(span=> #launch.keep(|| #made));
        Some(quote_spanned! {Span::mixed_site()=>
            let mut launch = launch;
            let ::core::option::Option::Some(kept) = #keep else { return; };
            let #state = #private::Shared::new(kept);
        })
    }

    pub(super) fn of(&self, owner: Owner) -> impl Iterator<Item = (usize, &Parameter)> {
        self.benchmark
            .parameters
            .iter()
            .enumerate()
            .filter(move |(_, parameter)| parameter.owner == owner)
    }

    /// Whether any state is made anew for every window.
    pub(super) fn renews(&self) -> bool {
        let parameters = &self.benchmark.parameters;
        parameters
            .iter()
            .any(|parameter| matches!(parameter.owner, Owner::Window | Owner::WindowThread))
    }

    /// The place of parameter `index` in the tuple of everything that its owner has.
    fn place(&self, index: usize, span: Span) -> Index {
        let owner = self.benchmark.parameters[index].owner;
        let before = self.of(owner).take_while(|(at, _)| *at < index);
        let mut place = Index::from(before.count());
        place.span = span;
        place
    }

    /// The `#[values]` that the function takes.
    fn handed(&self) -> impl Iterator<Item = (usize, &Parameter)> {
        self.of(Owner::Benchmark)
            .filter(|(index, _)| self.benchmark.arguments.contains(index))
    }

    /// The state of this thread that parameter `index` takes, as `&mut T`, in a closure that is given all of `own`, or
    /// all of `fresh` for what is made anew.
    pub(super) fn own(&self, index: usize, span: Span) -> TokenStream {
        if self.is_async() {
            let own = spanned(hidden("own", index), span);
            return quote_spanned!(span=> #own.get_mut());
        }
        let place = self.place(index, span);
        let all = match self.benchmark.parameters[index].owner {
            Owner::WindowThread => Ident::new("fresh", span),
            _ => Ident::new("own", span),
        };
        match self.benchmark.options.parallel {
            Some(_) => quote_spanned!(span=> #all.#place.get_mut()),
            None => quote_spanned!(span=> &mut #all.#place),
        }
    }

    /// The state of this window that parameter `index` takes, as `&T`, in a closure that is given all of `common`.
    pub(super) fn common(&self, index: usize, span: Span) -> TokenStream {
        let place = self.place(index, span);
        quote_spanned!(span=> common.#place.get())
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
        let (private, own) = (self.private, self.own_of(Owner::Thread));
        quote_spanned! {Span::mixed_site()=>
            |thread: #private::Thread| { let _ = thread; #own }
        }
    }

    /// `|thread, common, own| { …; (own_3,) }`: what one thread has of a window.
    pub(super) fn fresh_closure(&self) -> TokenStream {
        let (private, fresh) = (self.private, self.own_of(Owner::WindowThread));
        quote_spanned! {Span::mixed_site()=>
            |thread: #private::Thread, common: &_, own: &mut _| {
                let _ = (thread, &common, &own);
                #fresh
            }
        }
    }

    /// Statements that make what a thread owns, and the tuple of it.
    fn own_of(&self, owner: Owner) -> TokenStream {
        let made = self.of(owner).map(|(index, _)| {
            let (own, value) = (hidden("own", index), self.made(index));
            quote_spanned!(Span::mixed_site()=> let mut #own = #value;)
        });
        let own = self.of(owner).map(|(index, parameter)| {
            let own = spanned(hidden("own", index), at(&parameter.ty));
            self.sent(at(&parameter.ty), own.into_token_stream())
        });
        let own: Vec<TokenStream> = own.collect();
        let own = (!own.is_empty()).then(|| quote_spanned!(Span::mixed_site()=> (#(#own,)*)));
        quote_spanned!(Span::mixed_site()=> #(#made)* #own)
    }

    /// `|| { …; (common_2,) }`: what the threads of a window share.
    pub(super) fn common_closure(&self) -> TokenStream {
        let made = self.of(Owner::Window).map(|(index, _)| {
            let (common, value) = (hidden("common", index), self.made(index));
            quote_spanned!(Span::mixed_site()=> let #common = #value;)
        });
        let common: Vec<Ident> = self
            .of(Owner::Window)
            .map(|(index, _)| hidden("common", index))
            .collect();
        let common =
            (!common.is_empty()).then(|| quote_spanned!(Span::mixed_site()=> (#(#common,)*)));
        quote_spanned!(Span::mixed_site()=> || { #(#made)* #common })
    }

    /// The parameters of the closures for inputs and calls that stand for state.
    fn states(&self) -> TokenStream {
        if self.renews() {
            quote_spanned!(Span::mixed_site()=> common: &_, own: &mut _, fresh: &mut _)
        } else {
            quote_spanned!(Span::mixed_site()=> own: &mut _)
        }
    }

    /// `|thread, own| { …; ((input_3,),) }`: the inputs of one call. Values are copied here too, untimed.
    pub(super) fn input_closure(&self) -> TokenStream {
        let private = self.private;
        let (made, inputs) = self.made_inputs();
        let states = self.states();
        let unused = self
            .renews()
            .then(|| quote_spanned!(Span::mixed_site()=> let _ = (&common, &fresh);));
        quote_spanned! {Span::mixed_site()=>
            |thread: #private::Thread, #states| { let _ = (thread, &own); #unused #made #inputs }
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
        let mut made: TokenStream = made.collect();
        let mut inputs = self.inputs(inputs.chain(values));
        if let Some(weight) = work::weight(self.benchmark, self.private) {
            let private = self.private;
            made.extend(weight);
            inputs = Some(quote_spanned!(Span::mixed_site()=> #private::Weighed(#inputs, weight)));
        }
        (made, inputs)
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

    /// An input that a later one uses, or the throughput, is bound under the user's own identifier, any other under a hidden name.
    fn input_name(&self, index: usize) -> Ident {
        let parameter = &self.benchmark.parameters[index];
        let used = parameter.name.as_ref().filter(|name| {
            self.of(Owner::Call)
                .skip_while(|(at, _)| *at <= index)
                .filter_map(|(_, later)| later.maker.expression())
                .any(|expression| mentions(expression, &name.to_string()).is_some())
                || self.benchmark.weight().is_some_and(|weight| {
                    mentions(&weight.count.to_token_stream(), &name.to_string()).is_some()
                })
        });
        used.cloned()
            .unwrap_or_else(|| spanned(hidden("input", index), at(&parameter.ty)))
    }

    /// `|own, ((input_3,),)| insert(…)`: the call.
    pub(super) fn call_closure(&self, instance: &Instance) -> TokenStream {
        let (states, (inputs, call)) = (self.states(), self.call(instance));
        quote_spanned! {Span::mixed_site()=>
            |#states, #inputs| #call
        }
    }

    /// `|output| …`: the text of the error that a call returned. The type decides whether it is one, by method lookup, so
    /// it is written out: inside the closure it would not be known yet.
    fn error_closure(&self) -> TokenStream {
        let private = self.private;
        let output = match &self.benchmark.signature.output {
            ReturnType::Type(_, ty) if !valid::borrows(&self.benchmark.signature.output) => {
                self.erased(ty)
            }
            // What borrows does not leave the call. Looking at it there costs, so it is done only where it counts.
            ReturnType::Type(..) if self.benchmark.options.load.is_some() => {
                return quote_spanned!(Span::mixed_site()=> ::core::clone::Clone::clone);
            }
            _ => return quote_spanned!(Span::mixed_site()=> #private::never_fails),
        };
        let error = self.error_of(&quote_spanned!(Span::mixed_site()=> output));
        quote_spanned!(Span::mixed_site()=> |output: &#output| #error)
    }

    /// The text of the error in what `reference` refers to.
    fn error_of(&self, reference: &TokenStream) -> TokenStream {
        let private = self.private;
        quote_spanned! {Span::mixed_site()=> {
            use #private::{ErrorDebugged as _, ErrorShown as _, ErrorUnknown as _, NoError as _};
            (&&&&#private::Returned(#reference)).error_text()
        }}
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
        let mut inputs = self
            .inputs(inputs.chain(values))
            .unwrap_or_else(|| quote!(()));
        if self.benchmark.weight().is_some() {
            let private = self.private;
            inputs = quote_spanned!(Span::mixed_site()=> #private::Weighed(#inputs, _));
        }
        let arguments = self.benchmark.arguments.iter();
        let arguments = arguments.map(|&index| self.argument(index));
        let mut call = instance.call(self.benchmark, arguments);
        if let Some(token) = &signature.asyncness {
            call = quote_spanned!(at(token)=> #call.await);
        }
        if let ReturnType::Type(_, ty) = &signature.output {
            let result = spanned(hidden("result", 0), at(ty));
            let (judged, error) = self.judged(&result);
            let dropped = quote_spanned!(Span::mixed_site()=> ::core::mem::drop(::core::hint::black_box(#result)));
            let end = match (valid::borrows(&signature.output), error) {
                (true, Some(error)) => quote_spanned!(Span::mixed_site()=> #dropped; #error),
                (true, None) => dropped,
                (false, _) => self.sent(at(ty), result.to_token_stream()),
            };
            call = quote_spanned!(Span::mixed_site()=> { let #result = #call; #judged #end });
        }
        (inputs, call)
    }

    /// A statement that looks for the error in a call's result before it is gone, and what the call then gives: a task
    /// tells its batch, and a thread returns it in place of a result that borrows.
    fn judged(&self, result: &Ident) -> (Option<TokenStream>, Option<TokenStream>) {
        let look = self.error_of(&quote_spanned!(Span::mixed_site()=> &#result));
        if self.is_async() {
            let judged = quote_spanned!(Span::mixed_site()=> batch.judge(|| #look););
            return (Some(judged), None);
        }
        let borrows = valid::borrows(&self.benchmark.signature.output);
        if !(borrows && self.benchmark.options.load.is_some()) {
            return (None, None);
        }
        let error = spanned(hidden("error", 0), result.span());
        let judged = quote_spanned!(Span::mixed_site()=> let #error = #look;);
        (Some(judged), Some(error.to_token_stream()))
    }

    /// What the function is called with.
    fn argument(&self, index: usize) -> TokenStream {
        let parameter = &self.benchmark.parameters[index];
        let span = at(&parameter.ty);
        let (borrow, value) = match parameter.owner {
            Owner::Call => return self.received(hidden("input", index)),
            Owner::Benchmark => return self.received(hidden("value", index)),
            // Functions that take one have another launch function.
            Owner::Harness => return TokenStream::new(),
            Owner::Shared => {
                let state = spanned(hidden("state", index), span);
                (quote!(&), quote_spanned!(span=> #state.get()))
            }
            Owner::Window => (quote!(&), self.common(index, span)),
            Owner::Thread | Owner::WindowThread => (quote!(&mut), self.own(index, span)),
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
