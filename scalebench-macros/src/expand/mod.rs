//! The code that the attribute writes: the function as it was, and beside it one registration for each instantiation.
//!
//! ```text
//! const scale_bench_needs_a_free_function_that_calls_insert: () = {
//!     const _: () = {
//!         #[distributed_slice(ENTRIES)]
//!         static __SCALEBENCH_ENTRY: Entry = Entry { name: "insert", launch: __scalebench_launch, … };
//!         fn __scalebench_launch(launch: Launch<'_>, choice: &[usize]) { … }
//!     };
//! };
//! ```
//!
//! Local names are invisible to the user's expressions ([`Span::mixed_site`]), item names are not, so there are few of
//! those and they are marked. What the expressions may see is bound anew before each of them, under the user's own
//! identifiers. Nothing here relies on `#[allow]`, which a crate that forbids the lint would refuse: code whose spans
//! come from the attribute is not linted, and bindings with the user's spans are always used.

mod by_itself;
pub(crate) mod group;
mod instance;
mod launch;
mod made;
mod tasks;
mod tokens;
mod values;
mod work;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Attribute, Expr, Meta, Result};

use crate::ast::{Benchmark, Function};
use crate::bencher;
use crate::options::{self, Options, Threads};
use crate::parameter::{self, Parameter};
use crate::scan::mentions;
use crate::valid;

use instance::Instance;
use tokens::{at, moved, private};

/// The whole attribute, from its tokens to the tokens that replace it.
pub(crate) fn scale_bench(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut function = match Function::read(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#error #item);
        }
    };
    let written = function.take_parameters();
    match read(options, &function, written) {
        Ok(benchmark) => {
            function.use_first(&used_by_expressions(&benchmark));
            let registrations = registrations(&benchmark);
            quote!(#function #registrations)
        }
        Err(error) => {
            // Without its registration the function may be unused; one error is enough.
            let error = error.into_compile_error();
            quote!(#error #[allow(dead_code)] #function)
        }
    }
}

/// Parses and validates.
fn read(
    options: TokenStream,
    function: &Function,
    written: Vec<parameter::Written>,
) -> Result<Benchmark> {
    let options = options::parse(options)?;
    valid::check_function(&function.attributes, &function.signature, &options)?;
    let parameters: Vec<Parameter> = written
        .into_iter()
        .map(parameter::Written::read)
        .collect::<Result<_>>()?;
    let benchmark = Benchmark {
        options,
        attributes: function.attributes.clone(),
        signature: function.signature.clone(),
        arguments: (0..parameters.len()).collect(),
        parameters,
        member: None,
    };
    bencher::check(&benchmark)?;
    valid::check_parameters(&benchmark)?;
    Ok(benchmark)
}

/// The parameters that the expressions of others mention, or that of `throughput`.
pub(crate) fn used_by_expressions(benchmark: &Benchmark) -> Vec<&Ident> {
    let makers = benchmark.parameters.iter();
    let makers = makers.filter_map(|parameter| parameter.maker.expression().cloned());
    let throughput = benchmark.options.throughput.as_ref();
    let throughput = throughput.map(|throughput| throughput.count.to_token_stream());
    let expressions: TokenStream = makers.chain(throughput).collect();
    let names = benchmark.parameters.iter().filter_map(|p| p.name.as_ref());
    names
        .filter(|name| mentions(&expressions, &name.to_string()).is_some())
        .collect()
}

/// What stands beside the function.
fn registrations(benchmark: &Benchmark) -> TokenStream {
    let private = private(&benchmark.options);
    let name = beside(&benchmark.signature.ident);
    let lints = benchmark.attributes.iter().filter_map(lint);
    let check = check_threads(&benchmark.options, &private);
    let conditions = check_conditions(&benchmark.parameters);
    let instances = instance::all(benchmark);
    let instances = instances
        .iter()
        .map(|instance| register(benchmark, instance, &private));
    quote_spanned! {Span::mixed_site()=>
        #check
        #conditions
        #[doc(hidden)]
        #(#lints)*
        const #name: () = {
            const _: () = #name;
            #(#instances)*
        };
    }
}

/// The name of the constant beside a function. The attribute cannot see where the function stands, and in an `impl` neither
/// of the two is found by its name alone: the first error is then that there is nothing of this name, so it says what to do.
fn beside(function: &Ident) -> Ident {
    let name = format!(
        "scale_bench_needs_a_free_function_that_calls_{}",
        function.unraw()
    );
    Ident::new(&name, at(function))
}

/// The registration of one instantiation.
fn register(benchmark: &Benchmark, instance: &Instance, private: &TokenStream) -> TokenStream {
    let items = &instance.items;
    let entry = entry(benchmark, instance, private);
    let functions = values::text_functions(benchmark, private);
    let work = work::function(benchmark, instance, private);
    let launch = if benchmark.bencher().is_some() {
        by_itself::function(benchmark, instance, private)
    } else {
        launch::function(benchmark, instance, private)
    };
    quote_spanned! {Span::mixed_site()=>
        const _: () = {
            #items
            #entry
            #functions
            #work
            #launch
        };
    }
}

/// The static that the linker gathers.
fn entry(benchmark: &Benchmark, instance: &Instance, private: &TokenStream) -> TokenStream {
    let Options {
        name,
        parallel,
        tasks,
        load,
        processes,
        ignore,
        ..
    } = &benchmark.options;
    let function = &benchmark.signature.ident;
    let name = name.clone().unwrap_or_else(|| function.unraw().to_string());
    let keeps = benchmark.kept().is_some();
    let is_async = benchmark.signature.asyncness.is_some();
    let tasks = tasks.is_some() || (load.is_some() && is_async);
    let mode = match (parallel, processes) {
        (Some(_), _) => quote!(Parallel),
        (None, Some(_)) => quote!(Processes { keeps: #keeps }),
        (None, None) if tasks => quote!(Tasks),
        (None, None) if is_async => quote!(Workers),
        (None, None) => quote!(Concurrent),
    };
    let options = entry_options(benchmark, private);
    let parameters = instance
        .parameters
        .iter()
        .cloned()
        .chain(values::parameters(benchmark, private));
    let place = quote_spanned!(function.span()=> file: ::core::file!(), line: ::core::line!());
    quote_spanned! {Span::mixed_site()=>
        #[#private::linkme::distributed_slice(#private::ENTRIES)]
        #[linkme(crate = #private::linkme)]
        static __SCALEBENCH_ENTRY: #private::Entry = #private::Entry {
            module_path: ::core::module_path!(),
            name: #name,
            #place,
            mode: #private::EntryMode::#mode,
            ignore: #ignore,
            options: #options,
            values: &[#(#parameters),*],
            launch: __scalebench_launch,
        };
    }
}

fn entry_options(benchmark: &Benchmark, private: &TokenStream) -> TokenStream {
    let options = &benchmark.options;
    let fields: Vec<TokenStream> = [
        counts(options).map(|(swept, _)| counts_field("threads", swept)),
        threads_per_process(options).map(|each| counts_field("threads_per_process", each)),
        field("launches", options.launches),
        field("rounds", options.rounds),
        field("window_ns", options.window_ns),
        field("max_time_ns", options.max_time_ns),
        work::field(benchmark),
        field(
            "workers",
            options.workers.as_ref().map(|(_, workers)| *workers),
        ),
        group::field(benchmark, private),
        field("load", under_load(benchmark)),
        expectations(options),
    ]
    .into_iter()
    .flatten()
    .collect();
    // Not beside all eleven: that would be an update without an effect.
    let rest = (fields.len() < 11).then(|| quote!(..#private::EntryOptions::DEFAULT));
    quote_spanned!(Span::mixed_site()=> #private::EntryOptions { #(#fields)* #rest })
}

/// The field of the options that holds what is expected, each in the grammar's own text.
fn expectations(options: &Options) -> Option<TokenStream> {
    let texts = options.expect.iter();
    let texts: Vec<String> = texts.map(|each| each.expectation.to_string()).collect();
    (!texts.is_empty()).then(|| quote!(expectations: &[#(#texts),*],))
}

/// A field of the options that holds counts.
fn counts_field(name: &str, counts: &Threads) -> TokenStream {
    let name = Ident::new(name, Span::mixed_site());
    match counts {
        Threads::Counts(counts) => quote!(#name: ::core::option::Option::Some(&[#(#counts),*]),),
        Threads::Constant(path) => {
            let counts = constant(path);
            quote_spanned!(at(path)=> #name: { #counts ::core::option::Option::Some(threads) },)
        }
    }
}

/// Whether it is measured under load: always, never because it measures by itself, or when asked for.
fn under_load(benchmark: &Benchmark) -> Option<bool> {
    let always = benchmark.options.load.is_some().then_some(true);
    always.or(benchmark.bencher().map(|_| false))
}

/// A check, while compiling, of counts that come from a `const`.
fn check_threads(options: &Options, private: &TokenStream) -> TokenStream {
    let each = threads_per_process(options).map(|each| (each, "check_threads"));
    let given = counts(options).into_iter().chain(each);
    let checks = given.filter_map(|(counts, check)| {
        let Threads::Constant(path) = counts else {
            return None;
        };
        let (counts, private) = (constant(path), moved(private, at(path)));
        let check = Ident::new(check, at(path));
        Some(quote_spanned! {at(path)=> const _: () = { #counts #private::#check(threads) };})
    });
    checks.collect()
}

/// The threads in each process, where both vary.
fn threads_per_process(options: &Options) -> Option<&Threads> {
    options
        .threads
        .as_ref()
        .filter(|_| options.processes.is_some())
}

/// The counts of the sweep, and the function that checks them when they come from a `const`.
fn counts(options: &Options) -> Option<(&Threads, &'static str)> {
    let tasks = options.tasks.as_ref();
    let tasks = tasks.map(|tasks| (&tasks.counts, "check_tasks"));
    let processes = options.processes.as_ref();
    let processes = processes.map(|processes| (&processes.counts, "check_threads"));
    tasks.or(processes).or(options
        .threads
        .as_ref()
        .map(|threads| (threads, "check_threads")))
}

/// A check that the conditions of parameters hold: they were taken to.
fn check_conditions(parameters: &[Parameter]) -> TokenStream {
    let conditions = parameters
        .iter()
        .flat_map(|parameter| &parameter.conditions);
    let message =
        "this condition must hold wherever that of `#[scale_bench]` does: write the same one";
    let checks = conditions
        .map(|condition| quote_spanned!(at(condition)=> #[cfg(not(#condition))] ::core::compile_error!(#message);));
    checks.collect()
}

/// Binds thread counts that come from a `const`. Written out twice, in the same words, so that a wrong type is one
/// error and not two.
fn constant(path: &Expr) -> TokenStream {
    let usize = quote_spanned!(at(path)=> ::core::primitive::usize);
    quote_spanned!(at(path)=> let threads: &'static [#usize] = &#path;)
}

fn field(name: &str, value: Option<impl ToTokens>) -> Option<TokenStream> {
    let name = Ident::new(name, Span::mixed_site());
    value.map(|value| quote!(#name: ::core::option::Option::Some(#value),))
}

/// The lint attributes of the function that must hold for the generated code too: it repeats the function's types and
/// calls it. An expectation is met by the function itself, so here it only allows.
fn lint(attribute: &Attribute) -> Option<TokenStream> {
    let path = attribute.path();
    if path.is_ident("allow") {
        return Some(attribute.to_token_stream());
    }
    match &attribute.meta {
        Meta::List(list) if path.is_ident("expect") => {
            let lints = &list.tokens;
            Some(quote!(#[allow(#lints)]))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
