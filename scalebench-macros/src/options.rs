//! The options of the attribute: `#[scale_bench(threads = [1, 2], ignore)]`.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, ExprLit, Ident, Lit, LitInt, LitStr, Path, Result, Token, Type};

use crate::duration::{self, Fault};
use crate::nearest::nearest;
use crate::source;

/// Every option with an example of its use, in the order in which messages list them.
const KNOWN: [(&str, &str); 11] = [
    ("name", "name = \"insert\""),
    ("threads", "threads = [1, 2, 4]"),
    ("parallel", "parallel"),
    ("ignore", "ignore"),
    ("launches", "launches = 5"),
    ("rounds", "rounds = 10"),
    ("window", "window = \"10 ms\""),
    ("max_time", "max_time = \"2 s\""),
    ("types", "types = [A, B]"),
    ("consts", "consts = [1, 2]"),
    ("crate", "crate = path::to::scalebench"),
];

/// Words from other harnesses, with what stands for them here.
const FOREIGN: [(&str, &str); 9] = [
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
    ("throughput", "work counts are not in this version"),
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
    pub(crate) types: Option<Listed<Type>>,
    pub(crate) consts: Option<Listed<Expr>>,
    pub(crate) krate: Option<Path>,
}

/// `threads`: checked here, or by the compiler when it is the value of a `const`.
pub(crate) enum Threads {
    Counts(Vec<usize>),
    Constant(Box<Expr>),
}

/// The elements of `types` or `consts`, never empty.
pub(crate) struct Listed<T> {
    /// The option's name where it was written, for messages.
    pub(crate) option: Ident,
    pub(crate) elements: Vec<T>,
}

/// One option as written: its name, and what stands behind `=`.
struct Written {
    name: Ident,
    value: Option<TokenStream>,
}

impl Parse for Written {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if !input.peek(Ident::peek_any) {
            return Err(input.error(format!("an option begins with its name: {}", names())));
        }
        let name = Ident::parse_any(input)?;
        let mut value = None;
        if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            let mut tokens = TokenStream::new();
            while !input.is_empty() && !input.peek(Token![,]) {
                tokens.extend([input.parse::<TokenTree>()?]);
            }
            value = Some(tokens);
        } else if !input.is_empty() && !input.peek(Token![,]) {
            let message = match example(&name.unraw().to_string()) {
                Some(example) => format!("write `{example}`"),
                None => unknown(&name.unraw().to_string()),
            };
            return Err(Error::new_spanned(name, message));
        }
        Ok(Self { name, value })
    }
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
            "name" => self.name = Some(benchmark_name(option)?),
            "threads" => self.threads = Some(threads(option.expression()?)?),
            "parallel" => self.parallel = option.flag()?.then_some(option.name),
            "ignore" => self.ignore = option.flag()?,
            "launches" => self.launches = Some(count(option)?),
            "rounds" => self.rounds = Some(count(option)?),
            "window" => self.window_ns = Some(span_of_time(option)?),
            "max_time" => self.max_time_ns = Some(span_of_time(option)?),
            "types" => self.types = Some(option.list()?),
            "consts" => self.consts = Some(option.list()?),
            "crate" => self.krate = Some(option.path()?),
            _ => return Err(Error::new_spanned(option.name, unknown(name))),
        }
        Ok(())
    }
}

impl Written {
    /// The error for a value that this option cannot take.
    fn wrong(&self, at: impl ToTokens, what: &str) -> Error {
        let name = self.name.unraw().to_string();
        let example = example(&name).unwrap_or_default();
        Error::new_spanned(at, format!("{what}, as in `{example}`"))
    }

    /// What stands behind `=`; an error on the name when nothing does.
    fn value(&self) -> Result<&TokenStream> {
        match &self.value {
            Some(tokens) if !tokens.is_empty() => Ok(tokens),
            _ => Err(self.wrong(&self.name, &format!("`{}` needs a value", self.name))),
        }
    }

    fn expression(&self) -> Result<Expr> {
        syn::parse2(self.value()?.clone()).map(ungroup)
    }

    fn flag(&self) -> Result<bool> {
        match &self.value {
            None => Ok(true),
            Some(_) => {
                let name = &self.name;
                let message =
                    format!("`{name}` takes no value: write `{name}` alone, or leave it out");
                Err(Error::new_spanned(name, message))
            }
        }
    }

    fn text(&self) -> Result<LitStr> {
        match self.expression()? {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Ok(text),
            other => Err(self.wrong(other, &format!("`{}` is a string", self.name))),
        }
    }

    fn path(&self) -> Result<Path> {
        let value = self.value()?.clone();
        Path::parse_mod_style
            .parse2(value.clone())
            .map_err(|_| self.wrong(value, "`crate` is a path"))
    }

    fn list<T: Parse + ToTokens>(self) -> Result<Listed<T>> {
        let value = self.value()?.clone();
        let elements = |input: ParseStream<'_>| {
            let content;
            syn::bracketed!(content in input);
            let list = Punctuated::<T, Token![,]>::parse_terminated(&content)?;
            Ok(list.into_iter().collect::<Vec<T>>())
        };
        let bracketed = matches!(value.clone().into_iter().next(), Some(TokenTree::Group(_)));
        if !bracketed {
            return Err(self.wrong(value, &format!("`{}` is a list in brackets", self.name)));
        }
        let elements = elements.parse2(value.clone())?;
        if elements.is_empty() {
            return Err(self.wrong(
                value,
                &format!("`{}` is empty: name at least one", self.name),
            ));
        }
        distinct(&elements)?;
        Ok(Listed {
            option: self.name,
            elements,
        })
    }
}

/// The expression inside the invisible groups that macro variables arrive in.
pub(crate) fn ungroup(expression: Expr) -> Expr {
    match expression {
        Expr::Group(group) => ungroup(*group.expr),
        other => other,
    }
}

/// Refuses what is written twice in a list: two benchmarks would have the same id.
pub(crate) fn distinct(elements: &[impl ToTokens]) -> Result<()> {
    let mut seen = HashSet::new();
    for element in elements {
        let text = source::text(&element.to_token_stream());
        if !seen.insert(text.clone()) {
            let message =
                format!("`{text}` is listed twice; each makes one benchmark, so keep one");
            return Err(Error::new_spanned(element, message));
        }
    }
    Ok(())
}

fn threads(value: Expr) -> Result<Threads> {
    let example = "as in `threads = [1, 2, 4]`";
    let array = match value {
        Expr::Array(array) => array,
        Expr::Path(_) => return Ok(Threads::Constant(Box::new(value))),
        Expr::Lit(ExprLit {
            lit: Lit::Int(count),
            ..
        }) => {
            let message = format!("`threads` is a list: write `threads = [{count}]`");
            return Err(Error::new_spanned(count, message));
        }
        other => {
            let message =
                format!("`threads` is a list of thread counts or the path of a `const`, {example}");
            return Err(Error::new_spanned(other, message));
        }
    };
    if array.elems.is_empty() {
        let message = format!("`threads` is empty: name at least one thread count, {example}");
        return Err(Error::new_spanned(array, message));
    }
    let elements: Vec<Expr> = array.elems.iter().cloned().map(ungroup).collect();
    if elements
        .iter()
        .any(|element| matches!(element, Expr::Path(_)))
    {
        return Ok(Threads::Constant(Box::new(Expr::Array(array))));
    }
    let counts: Vec<usize> = elements.iter().map(thread_count).collect::<Result<_>>()?;
    let mut seen = HashSet::new();
    for (element, count) in elements.iter().zip(&counts) {
        if !seen.insert(count) {
            let message = format!("`{count}` is listed twice; keep one");
            return Err(Error::new_spanned(element, message));
        }
    }
    Ok(Threads::Counts(counts))
}

fn thread_count(element: &Expr) -> Result<usize> {
    let count = match element {
        Expr::Lit(ExprLit {
            lit: Lit::Int(count),
            ..
        }) => count.base10_parse::<usize>().ok(),
        _ => None,
    };
    let message = match count {
        Some(0) => {
            "0 threads cannot call anything: thread counts start at 1, as in `threads = [1, 2, 4]`"
        }
        Some(count) => return Ok(count),
        None => "a thread count is a whole number from 1 up, as in `threads = [1, 2, 4]`",
    };
    Err(Error::new_spanned(element, message))
}

fn count(option: Written) -> Result<u32> {
    let value = option.expression()?;
    let number = match &value {
        Expr::Lit(ExprLit {
            lit: Lit::Int(number),
            ..
        }) => LitInt::base10_parse::<u32>(number).ok(),
        _ => None,
    };
    match number {
        Some(number) if number > 0 => Ok(number),
        _ => Err(option.wrong(
            value,
            &format!("`{}` is a whole number from 1 up", option.name),
        )),
    }
}

fn span_of_time(option: Written) -> Result<u64> {
    let text = option.text()?;
    duration::nanoseconds(&text.value()).map_err(|fault| {
        let what = match fault {
            Fault::Number => "a span of time is a number with a unit",
            Fault::NoUnit => "the unit is missing: ns, us, ms, s, min or h",
            Fault::Unit => "unknown unit: the units are ns, us, ms, s, min and h",
            Fault::Zero => "the span is empty: give at least 1 ns",
            Fault::TooLong => "the span is too long",
        };
        option.wrong(&text, what)
    })
}

fn benchmark_name(option: Written) -> Result<String> {
    let text = option.text()?;
    let name = text.value();
    let fault = if name.trim().is_empty() {
        "the name is empty: give at least one letter"
    } else if name.trim() != name || name.chars().any(char::is_control) {
        "a name has no space around it and no control characters"
    } else if name.contains("::") || name.contains('/') {
        "a name has no `::` and no `/`, which divide the parts of a benchmark's id"
    } else {
        return Ok(name);
    };
    Err(option.wrong(text, fault))
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
