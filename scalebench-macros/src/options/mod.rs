//! The options of the attribute: `#[scale_bench(threads = [1, 2], ignore)]`.

mod expected;
mod known;
mod value;
mod written;

use std::collections::HashSet;

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Error, Expr, Ident, Path, Result, Token, Type};

use written::Written;

pub(crate) use expected::Expected;
pub(crate) use value::{Threads, Throughput, Unit};
pub(crate) use written::{Listed, distinct, ungroup};

/// Numbers of tasks or processes to sweep over, and the option where it was written.
pub(crate) struct Swept {
    pub(crate) option: Ident,
    pub(crate) counts: Threads,
}

/// What the options ask for.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) name: Option<String>,
    pub(crate) threads: Option<Threads>,
    /// The option where it was written, for messages.
    pub(crate) parallel: Option<Ident>,
    /// Load mode; the option where it was written.
    pub(crate) load: Option<Ident>,
    /// `processes`: how many processes call at the same time.
    pub(crate) processes: Option<Swept>,
    /// `tasks`, `workers` and `runtime`: for `async fn`.
    pub(crate) tasks: Option<Swept>,
    pub(crate) workers: Option<(Ident, u32)>,
    pub(crate) runtime: Option<(Ident, Path)>,
    pub(crate) ignore: bool,
    pub(crate) launches: Option<u32>,
    pub(crate) rounds: Option<u32>,
    pub(crate) window_ns: Option<u64>,
    pub(crate) max_time_ns: Option<u64>,
    pub(crate) throughput: Option<Throughput>,
    /// `expect(…)`: what it must reach.
    pub(crate) expect: Vec<Expected>,
    pub(crate) types: Option<Listed<Type>>,
    pub(crate) consts: Option<Listed<Expr>>,
    pub(crate) krate: Option<Path>,
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
            "processes" => {
                self.processes = Some(Swept {
                    counts: value::processes(option.expression()?)?,
                    option: option.name,
                });
            }
            "tasks" => {
                self.tasks = Some(Swept {
                    counts: value::tasks(option.expression()?)?,
                    option: option.name,
                });
            }
            "workers" => {
                let name = option.name.clone();
                self.workers = Some((name, value::count(option)?));
            }
            "runtime" => {
                let path = option.path()?;
                self.runtime = Some((option.name, path));
            }
            "parallel" => self.parallel = option.flag()?.then_some(option.name),
            "load" => self.load = option.flag()?.then_some(option.name),
            "ignore" => self.ignore = option.flag()?,
            "launches" => self.launches = Some(value::count(option)?),
            "rounds" => self.rounds = Some(value::count(option)?),
            "window" => self.window_ns = Some(value::span_of_time(option)?),
            "max_time" => self.max_time_ns = Some(value::span_of_time(option)?),
            "throughput" => self.throughput = Some(value::throughput(option)?),
            "expect" => self.expect = expected::read(&option)?,
            "types" => self.types = Some(option.list()?),
            "consts" => self.consts = Some(option.list()?),
            "crate" => self.krate = Some(option.path()?),
            _ => return Err(Error::new_spanned(option.name, known::unknown(name))),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
