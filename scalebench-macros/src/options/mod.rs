//! The options of the attribute: `#[scale_bench(threads = [1, 2], ignore)]`.

mod value;
mod written;

use std::collections::HashSet;

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Error, Expr, Ident, Path, Result, Token, Type};

use crate::nearest::nearest;

use written::Written;
pub(crate) use written::{distinct, ungroup};

/// Every option with an example of its use, in the order in which messages list them.
const KNOWN: [(&str, &str); 12] = [
    ("name", "name = \"insert\""),
    ("threads", "threads = [1, 2, 4]"),
    ("parallel", "parallel"),
    ("ignore", "ignore"),
    ("launches", "launches = 5"),
    ("rounds", "rounds = 10"),
    ("window", "window = \"10 ms\""),
    ("max_time", "max_time = \"2 s\""),
    ("throughput", "throughput = items(1000)"),
    ("types", "types = [A, B]"),
    ("consts", "consts = [1, 2]"),
    ("crate", "crate = path::to::scalebench"),
];

/// Words from other harnesses, with what stands for them here.
const FOREIGN: [(&str, &str); 8] = [
    (
        "sample_count",
        "the number of samples is `launches` x `rounds`",
    ),
    (
        "sample_size",
        "the number of samples is `launches` x `rounds`; calls fill a `window`",
    ),
    ("samples", "the number of samples is `launches` x `rounds`"),
    (
        "iterations",
        "calls fill a `window` of time; give `window = \"10 ms\"`",
    ),
    ("args", "put `#[values(...)]` before the parameter instead"),
    (
        "values",
        "put `#[values(...)]` before the parameter instead",
    ),
    (
        "min_time",
        "every point gets `launches` x `rounds` windows; give `window` or `max_time`",
    ),
    ("tasks", "async functions are not in this version"),
];

/// What the options ask for.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) name: Option<String>,
    pub(crate) threads: Option<Threads>,
    /// The option where it was written, for messages.
    pub(crate) parallel: Option<Ident>,
    pub(crate) ignore: bool,
    pub(crate) launches: Option<u32>,
    pub(crate) rounds: Option<u32>,
    pub(crate) window_ns: Option<u64>,
    pub(crate) max_time_ns: Option<u64>,
    pub(crate) throughput: Option<Throughput>,
    pub(crate) types: Option<Listed<Type>>,
    pub(crate) consts: Option<Listed<Expr>>,
    pub(crate) krate: Option<Path>,
}

/// `threads`: checked here, or by the compiler when it is the value of a `const`.
pub(crate) enum Threads {
    Counts(Vec<usize>),
    Constant(Box<Expr>),
}

/// `throughput`: what one call gets done.
pub(crate) struct Throughput {
    pub(crate) unit: Unit,
    /// How much; an expression over the `#[values]`.
    pub(crate) count: Expr,
}

/// What work is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Items,
    Bytes,
}

/// The elements of `types` or `consts`, never empty.
pub(crate) struct Listed<T> {
    /// The option's name where it was written, for messages.
    pub(crate) option: Ident,
    pub(crate) elements: Vec<T>,
}

/// Reads the options.
pub(crate) fn parse(tokens: TokenStream) -> Result<Options> {
    let written = Punctuated::<Written, Token![,]>::parse_terminated.parse2(tokens)?;
    let mut options = Options::default();
    let mut seen = HashSet::new();
    for option in written {
        let name = option.name.unraw().to_string();
        if !seen.insert(name.clone()) {
            let message = format!("`{name}` is given twice; keep one");
            return Err(Error::new_spanned(&option.name, message));
        }
        options.set(&name, option)?;
    }
    Ok(options)
}

impl Options {
    fn set(&mut self, name: &str, option: Written) -> Result<()> {
        match name {
            "name" => self.name = Some(value::benchmark_name(option)?),
            "threads" => self.threads = Some(value::threads(option.expression()?)?),
            "parallel" => self.parallel = option.flag()?.then_some(option.name),
            "ignore" => self.ignore = option.flag()?,
            "launches" => self.launches = Some(value::count(option)?),
            "rounds" => self.rounds = Some(value::count(option)?),
            "window" => self.window_ns = Some(value::span_of_time(option)?),
            "max_time" => self.max_time_ns = Some(value::span_of_time(option)?),
            "throughput" => self.throughput = Some(value::throughput(option)?),
            "types" => self.types = Some(option.list()?),
            "consts" => self.consts = Some(option.list()?),
            "crate" => self.krate = Some(option.path()?),
            _ => return Err(Error::new_spanned(option.name, unknown(name))),
        }
        Ok(())
    }
}

fn example(name: &str) -> Option<&'static str> {
    KNOWN
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, example)| *example)
}

fn names() -> String {
    KNOWN.map(|(name, _)| name).join(", ")
}

/// The message for a name that is no option.
fn unknown(name: &str) -> String {
    if let Some((_, advice)) = FOREIGN.iter().find(|(word, _)| *word == name) {
        return format!("there is no option `{name}`: {advice}");
    }
    match nearest(name, &KNOWN.map(|(known, _)| known)) {
        Some(near) => format!(
            "there is no option `{name}`; did you mean `{near}`? All options: {}",
            names()
        ),
        None => format!("there is no option `{name}`. All options: {}", names()),
    }
}

#[cfg(test)]
mod tests;
