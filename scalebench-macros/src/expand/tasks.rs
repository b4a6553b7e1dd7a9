//! The launch function of an `async fn`: makes the state that the tasks share, and writes the task that calls.
//!
//! ```text
//! launch.tasks::<Tokio, _, _, _, _>(Sweep::Workers, || async {
//!     let state_0 = …;
//!     move |mut task: Task| {
//!         let state_0 = Clone::clone(&state_0);
//!         async move {
//!             let mut own_1 = …;
//!             let mut batch = Batch::<_, _>::new();
//!             task.ready(&batch);
//!             while let Some(calls) = task.next().await {
//!                 …
//!                 task.begin(&mut batch);
//!                 for _ in 0..calls { batch.keep(insert(state_0.get(), own_1.get_mut()).await); }
//!                 task.end(&mut batch, calls);
//!             }
//!         }
//!     }
//! });
//! ```
//!
//! The calls stand here and not behind a generic closure, so that the compiler sees one concrete future: then it can tell
//! by itself whether that may move between threads, and what of the user's code keeps it from that.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use crate::parameter::Owner;

use super::instance::Instance;
use super::launch::Writer;
use super::tokens::{at, hidden, spanned};
use super::values;

impl Writer<'_> {
    /// `fn __scalebench_launch` of an `async fn`.
    pub(super) fn tasks_function(&self, instance: &Instance) -> TokenStream {
        let private = self.private;
        let chosen = values::chosen(self.benchmark, instance.parameters.len(), private);
        let shared = self.of(Owner::Shared).map(|(index, _)| {
            let (state, value) = (hidden("state", index), self.made(index));
            quote_spanned!(Span::mixed_site()=> let #state = #value;)
        });
        let (values, all): (Vec<_>, Vec<_>) = (self.held(false), self.held(true));
        let (runtime, sweep) = (self.runtime(), self.sweep());
        let own = self.own_states();
        let calls = self.calls(instance);
        let at_async = self
            .benchmark
            .signature
            .asyncness
            .as_ref()
            .map_or_else(Span::mixed_site, at);
        // The future as a whole has the place of `async`: an error about it points there.
        let task = quote_spanned! {at_async=> async move { #own #calls }};
        quote_spanned! {Span::mixed_site()=>
            fn __scalebench_launch(launch: #private::Launch<'_>, choice: &[::core::primitive::usize]) {
                let _ = choice;
                #chosen
                launch.tasks::<#runtime, _, _, _, _>(#sweep, || async {
                    #(let #values = ::core::clone::Clone::clone(&#values);)*
                    #(#shared)*
                    move |mut task: #private::Task| {
                        #(let #all = ::core::clone::Clone::clone(&#all);)*
                        #task
                    }
                });
            }
        }
    }

    /// The names of what the tasks share: the values, and the state too.
    fn held(&self, state: bool) -> Vec<Ident> {
        let values = self
            .of(Owner::Benchmark)
            .map(|(index, _)| hidden("value", index));
        let states = self
            .of(Owner::Shared)
            .map(|(index, _)| hidden("state", index));
        values.chain(states.filter(|_| state)).collect()
    }

    fn runtime(&self) -> TokenStream {
        let private = self.private;
        match &self.benchmark.options.runtime {
            Some((_, path)) => path.to_token_stream(),
            None => quote!(#private::Tokio),
        }
    }

    fn sweep(&self) -> TokenStream {
        let (private, options) = (self.private, &self.benchmark.options);
        if options.tasks.is_none() && options.load.is_none() {
            return quote_spanned!(Span::mixed_site()=> #private::Sweep::Workers);
        }
        let workers = match &options.workers {
            Some((_, workers)) => {
                let workers = *workers as usize;
                quote_spanned!(Span::mixed_site()=> ::core::option::Option::Some(#workers))
            }
            None => quote_spanned!(Span::mixed_site()=> ::core::option::Option::None),
        };
        quote_spanned!(Span::mixed_site()=> #private::Sweep::Tasks { workers: #workers })
    }

    /// The statements that make a task's own state.
    fn own_states(&self) -> TokenStream {
        let made = self.of(Owner::Thread).map(|(index, parameter)| {
            let (own, value, span) = (hidden("own", index), self.made(index), at(&parameter.ty));
            // The place of what is held is that of an error about its type.
            let made = spanned(own.clone(), span);
            let held = self.sent(span, made.to_token_stream());
            quote_spanned!(Span::mixed_site()=> let mut #own = { let #own = #value; #held };)
        });
        let made: TokenStream = made.collect();
        quote_spanned! {Span::mixed_site()=>
            let thread = task.thread();
            let _ = thread;
            #made
        }
    }

    /// The loop over the chunks. What the calls refer to is hidden from the optimiser once a chunk, as for threads.
    fn calls(&self, instance: &Instance) -> TokenStream {
        let private = self.private;
        let states = self.held(true);
        let owns = self
            .of(Owner::Thread)
            .map(|(index, _)| hidden("own", index));
        let (made, inputs) = self.made_inputs();
        let (pattern, call) = self.call(instance);
        let types = match &inputs {
            None => quote!((), _),
            Some(_) => quote!(_, _),
        };
        let (before, each) = match inputs {
            None => (
                TokenStream::new(),
                quote_spanned!(Span::mixed_site()=> for _ in 0..calls { let output = #call; batch.keep(output); }),
            ),
            Some(inputs) if self.of(Owner::Call).next().is_none() => (
                quote_spanned!(Span::mixed_site()=> batch.fill(calls, || #inputs);),
                quote_spanned! {Span::mixed_site()=>
                    for _ in 0..calls {
                        let #pattern = batch.take().unwrap_or_else(|| #inputs);
                        let output = #call; batch.keep(output);
                    }
                },
            ),
            Some(inputs) => (
                quote_spanned!(Span::mixed_site()=> for _ in 0..calls { #made batch.make(#inputs); }),
                quote_spanned! {Span::mixed_site()=>
                    while let ::core::option::Option::Some(#pattern) = batch.take() {
                        let output = #call; batch.keep(output);
                    }
                },
            ),
        };
        quote_spanned! {Span::mixed_site()=>
            let mut batch = #private::Batch::<#types>::new();
            task.ready(&batch);
            while let ::core::option::Option::Some(calls) = task.next().await {
                let thread = task.thread();
                let _ = thread;
                #(let #states = ::core::hint::black_box(&#states);)*
                #(let #owns = ::core::hint::black_box(&mut #owns);)*
                #before
                task.begin(&mut batch);
                #each
                task.end(&mut batch, calls);
            }
        }
    }
}
