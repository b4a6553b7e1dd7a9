//! From text to expectations.

use std::ops::Range;

use crate::cursor::Cursor;
use crate::{Comparison, Expectation, Fault, Limit, Metric, ParseError, Unit};

/// An expectation, and where it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// What it says.
    pub expectation: Expectation,
    /// Its metric, in bytes of the text.
    pub metric_at: Range<usize>,
    /// Its thread count, in bytes of the text; the metric where none was written.
    pub threads_at: Range<usize>,
}

/// What later versions will judge: response times of single calls, and memory.
const LATER: [&str; 9] = [
    "p50",
    "p90",
    "p99",
    "p999",
    "max",
    "allocations",
    "bytes",
    "deallocations",
    "memory",
];

/// A larger efficiency is rather one in per cent whose sign was forgotten.
const LARGEST_SHARE: f64 = 2.0;

/// Reads expectations with commas between them; at least one.
///
/// # Errors
/// When the text is no such list: what is wrong, where, and what to write.
///
/// ```
/// use scalebench_expect::{Fault, Metric, parse};
/// assert_eq!(parse("efficiency(8) >= 0.7").unwrap().len(), 1);
/// let error = parse("latency <= 3 parsecs").unwrap_err();
/// assert_eq!(error.fault, Fault::Unit(Metric::Latency));
/// assert_eq!(error.at, 13..20);
/// ```
pub fn parse(text: &str) -> Result<Vec<Written>, ParseError> {
    let mut cursor = Cursor::new(text);
    let mut list = Vec::new();
    while cursor.peek().is_some() {
        list.push(one(&mut cursor)?);
        if cursor.peek().is_some() && !cursor.passes(',') {
            let rest = rest(&mut cursor);
            return Err(fault(&cursor, Fault::Rest, rest));
        }
    }
    if list.is_empty() {
        return Err(fault(&cursor, Fault::Empty, 0..0));
    }
    Ok(list)
}

fn fault(cursor: &Cursor<'_>, fault: Fault, at: Range<usize>) -> ParseError {
    let found = cursor.text(&at).trim().to_owned();
    ParseError { fault, at, found }
}

fn one(cursor: &mut Cursor<'_>) -> Result<Written, ParseError> {
    let (metric, metric_at) = metric(cursor)?;
    let (threads, threads_at) = threads(cursor, metric, &metric_at)?;
    let comparison = comparison(cursor, metric_at.start)?;
    let limit = limit(cursor, metric, metric_at.start)?;
    let expectation = Expectation {
        metric,
        threads,
        comparison,
        limit,
    };
    Ok(Written {
        expectation,
        metric_at,
        threads_at,
    })
}

fn metric(cursor: &mut Cursor<'_>) -> Result<(Metric, Range<usize>), ParseError> {
    let at = cursor.word(|letter| letter.is_alphanumeric() || letter == '_');
    let name = cursor.text(&at);
    if let Some(metric) = Metric::ALL.into_iter().find(|metric| metric.name() == name) {
        return Ok((metric, at));
    }
    if LATER.contains(&name) {
        return Err(fault(cursor, Fault::Later, at));
    }
    // Whatever stands there instead of a word.
    let end = if at.is_empty() {
        cursor.anything().end.max(at.end)
    } else {
        at.end
    };
    Err(fault(cursor, Fault::Metric, at.start..end))
}

/// The thread count, with the place of its number. Single-call latency needs none.
fn threads(
    cursor: &mut Cursor<'_>,
    metric: Metric,
    metric_at: &Range<usize>,
) -> Result<(u32, Range<usize>), ParseError> {
    if !cursor.passes('(') {
        return match metric {
            Metric::Latency => Ok((1, metric_at.clone())),
            _ => Err(fault(cursor, Fault::NoThreads(metric), metric_at.clone())),
        };
    }
    let at = cursor.anything();
    let digits = cursor.text(&at).replace('_', "");
    let number = digits.parse().ok().filter(|&count| count >= 1);
    let (Some(number), true) = (number, cursor.passes(')')) else {
        let at = if at.is_empty() { metric_at.clone() } else { at };
        let mut error = fault(cursor, Fault::Threads(metric), at);
        if error.at == *metric_at {
            error.found.clear();
        }
        return Err(error);
    };
    if number == 1 && metric.is_relative() {
        return Err(fault(cursor, Fault::Trivial(metric), at));
    }
    Ok((number, at))
}

fn comparison(cursor: &mut Cursor<'_>, begin: usize) -> Result<Comparison, ParseError> {
    let end = cursor.at();
    let sign_at = cursor.word(|letter| "<>=!~≤≥".contains(letter));
    let comparisons = [
        Comparison::AtMost,
        Comparison::AtLeast,
        Comparison::Below,
        Comparison::Above,
    ];
    let sign = cursor.text(&sign_at);
    let found = comparisons.into_iter().find(|each| each.sign() == sign);
    found.ok_or_else(|| match sign_at.is_empty() {
        true => fault(cursor, Fault::NoComparison, begin..end),
        false => fault(cursor, Fault::Comparison, sign_at),
    })
}

fn limit(cursor: &mut Cursor<'_>, metric: Metric, begin: usize) -> Result<Limit, ParseError> {
    let before = cursor.at();
    if cursor.peek().is_none_or(|letter| letter == ',') {
        return Err(fault(cursor, Fault::NoNumber(metric), begin..before));
    }
    let number_at = cursor.word(|letter| letter.is_ascii_digit() || matches!(letter, '.' | '_'));
    let digits = cursor.text(&number_at).replace('_', "");
    let number = Some(digits).filter(|digits| is_decimal(digits));
    let number: Option<f64> = number.and_then(|digits| digits.parse().ok());
    let Some(number) = number.filter(|number| number.is_finite()) else {
        let end = rest(cursor).end;
        return Err(fault(cursor, Fault::Number(metric), number_at.start..end));
    };
    let unit_at = unit_place(cursor);
    let unit = match cursor.text(&unit_at) {
        "" if metric.units().contains(&Unit::One) => Unit::One,
        "" => return Err(fault(cursor, Fault::NoUnit(metric), number_at)),
        name => match unit(metric, name) {
            Some(unit) => unit,
            None => return Err(fault(cursor, Fault::Unit(metric), unit_at)),
        },
    };
    let limit = Limit { number, unit };
    if !limit.value().is_finite() {
        return Err(fault(cursor, Fault::Number(metric), number_at));
    }
    if metric == Metric::Efficiency && unit == Unit::One && number > LARGEST_SHARE {
        return Err(fault(cursor, Fault::Share, number_at));
    }
    Ok(limit)
}

/// What stands where nothing was expected: a word, or else all up to the next space.
fn rest(cursor: &mut Cursor<'_>) -> Range<usize> {
    let word = cursor.word(char::is_alphanumeric);
    let rest = match word.is_empty() {
        true => cursor.anything(),
        false => word,
    };
    match rest.is_empty() && cursor.passes(')') {
        // One that closes nothing.
        true => cursor.at() - 1..cursor.at(),
        false => rest,
    }
}

/// Whether it is digits with at most one point between them.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(text),
    }
}

/// Where the unit stands; nothing where no letter and no sign follows.
fn unit_place(cursor: &mut Cursor<'_>) -> Range<usize> {
    let mut place = cursor.word(char::is_alphabetic);
    if cursor.passes('/') {
        if place.is_empty() {
            place.start = cursor.at() - 1;
        }
        place.end = cursor.word(char::is_alphabetic).end;
    } else if place.is_empty() && cursor.passes('%') {
        place = cursor.at() - 1..cursor.at();
    }
    place
}

fn unit(metric: Metric, name: &str) -> Option<Unit> {
    let name: String = name.split_whitespace().collect();
    let name = match name.as_str() {
        "\u{b5}s" | "\u{3bc}s" => "us",
        other => other,
    };
    let mut units = metric.units().iter().copied();
    units.find(|unit| unit.name() == name)
}
