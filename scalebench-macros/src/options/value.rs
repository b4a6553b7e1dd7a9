//! What stands behind the `=` of each option.

use std::collections::HashSet;

use syn::{Error, Expr, ExprLit, Lit, LitInt, Result};

use crate::duration::{self, Fault};

use super::written::{Written, ungroup};

/// `threads` or `tasks`: checked here, or by the compiler when it is the value of a `const`.
pub(crate) enum Threads {
    Counts(Vec<usize>),
    Constant(Box<Expr>),
}

/// `throughput`: what one call gets done.
pub(crate) struct Throughput {
    pub(crate) unit: Unit,
    /// How much; an expression over the `#[values]` and the inputs.
    pub(crate) count: Expr,
}

/// What work is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Items,
    Bytes,
}

/// What `threads` and `tasks` say of themselves in messages.
struct Counted {
    option: &'static str,
    example: &'static str,
    /// One of them, in a sentence.
    count: &'static str,
    counts: &'static str,
}

const THREADS: Counted = Counted {
    option: "threads",
    example: "threads = [1, 2, 4]",
    count: "a thread count",
    counts: "thread counts",
};

const TASKS: Counted = Counted {
    option: "tasks",
    example: "tasks = [1, 8, 64]",
    count: "a number of tasks",
    counts: "numbers of tasks",
};

const PROCESSES: Counted = Counted {
    option: "processes",
    example: "processes = [1, 2, 4]",
    count: "a number of processes",
    counts: "numbers of processes",
};

pub(super) fn threads(value: Expr) -> Result<Threads> {
    counts(value, &THREADS)
}

pub(super) fn tasks(value: Expr) -> Result<Threads> {
    counts(value, &TASKS)
}

pub(super) fn processes(value: Expr) -> Result<Threads> {
    counts(value, &PROCESSES)
}

fn counts(value: Expr, what: &Counted) -> Result<Threads> {
    let option = what.option;
    let example = format!("as in `{}`", what.example);
    let array = match value {
        Expr::Array(array) => array,
        Expr::Path(_) => return Ok(Threads::Constant(Box::new(value))),
        Expr::Lit(ExprLit {
            lit: Lit::Int(count),
            ..
        }) => {
            let message = format!("`{option}` is a list: write `{option} = [{count}]`");
            return Err(Error::new_spanned(count, message));
        }
        other => {
            let message = format!(
                "`{option}` is a list of {} or the path of a `const`, {example}",
                what.counts
            );
            return Err(Error::new_spanned(other, message));
        }
    };
    if array.elems.is_empty() {
        let message = format!(
            "`{option}` is empty: name at least one {}, {example}",
            what.count.trim_start_matches("a ")
        );
        return Err(Error::new_spanned(array, message));
    }
    let elements: Vec<Expr> = array.elems.iter().cloned().map(ungroup).collect();
    if elements
        .iter()
        .any(|element| matches!(element, Expr::Path(_)))
    {
        return Ok(Threads::Constant(Box::new(Expr::Array(array))));
    }
    let counts: Vec<usize> = elements
        .iter()
        .map(|element| one_count(element, what))
        .collect::<Result<_>>()?;
    let mut seen = HashSet::new();
    for (element, count) in elements.iter().zip(&counts) {
        if !seen.insert(count) {
            let message = format!("`{count}` is listed twice; keep one");
            return Err(Error::new_spanned(element, message));
        }
    }
    Ok(Threads::Counts(counts))
}

fn one_count(element: &Expr, what: &Counted) -> Result<usize> {
    let count = match element {
        Expr::Lit(ExprLit {
            lit: Lit::Int(count),
            ..
        }) => count.base10_parse::<usize>().ok(),
        _ => None,
    };
    let message = match count {
        Some(0) => format!(
            "0 {} cannot call anything: {} start at 1, as in `{}`",
            what.option, what.counts, what.example
        ),
        Some(count) => return Ok(count),
        None => format!(
            "{} is a whole number from 1 up, as in `{}`",
            what.count, what.example
        ),
    };
    Err(Error::new_spanned(element, message))
}

pub(super) fn count(option: Written) -> Result<u32> {
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

pub(super) fn span_of_time(option: Written) -> Result<u64> {
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

pub(super) fn benchmark_name(option: Written) -> Result<String> {
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

/// `items(n)` or `bytes(n)`.
pub(super) fn throughput(option: Written) -> Result<Throughput> {
    let wrong = "`throughput` is what one call gets done, in items or bytes";
    let call = match option.expression()? {
        Expr::Call(call) => call,
        other => return Err(option.wrong(other, wrong)),
    };
    let unit = match &*call.func {
        Expr::Path(path) if path.path.is_ident("items") => Unit::Items,
        Expr::Path(path) if path.path.is_ident("bytes") => Unit::Bytes,
        other => return Err(option.wrong(other, wrong)),
    };
    let mut arguments = call.args.iter().cloned().map(ungroup);
    match (arguments.next(), arguments.next()) {
        (Some(count), None) if is_zero(&count) => Err(option.wrong(
            count,
            "a call that gets nothing done has no throughput: give at least 1",
        )),
        (Some(count), None) => Ok(Throughput { unit, count }),
        _ => Err(option.wrong(call, wrong)),
    }
}

fn is_zero(count: &Expr) -> bool {
    matches!(count, Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) if number.base10_digits() == "0")
}
