//! Spans of time written as text: `"10 ms"`.

/// Units and their length in nanoseconds. Both code points that print as the micro sign are known.
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Why a text is not a span of time. Each has its own advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is no number to begin with.
    Number,
    /// There is a number and nothing behind it.
    NoUnit,
    /// What follows the number is not a unit.
    Unit,
    /// Less than a nanosecond.
    Zero,
    /// More than 584 years.
    TooLong,
}

/// Reads a number, whole or decimal, with its unit, in nanoseconds: from 1 to `u64::MAX`. Parts of a nanosecond are
/// dropped.
pub(crate) fn nanoseconds(text: &str) -> Result<u64, Fault> {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let (digits, decimals) = decimal(&number.replace('_', "")).ok_or(Fault::Number)?;
    let unit = match unit.trim() {
        "" => return Err(Fault::NoUnit),
        unit => {
            UNITS
                .iter()
                .find(|(name, _)| *name == unit)
                .ok_or(Fault::Unit)?
                .1
        }
    };
    let scale = 10_u128.checked_pow(decimals).ok_or(Fault::TooLong)?;
    let ns = digits.checked_mul(u128::from(unit)).ok_or(Fault::TooLong)? / scale;
    match u64::try_from(ns) {
        Ok(0) => Err(Fault::Zero),
        Ok(ns) => Ok(ns),
        Err(_) => Err(Fault::TooLong),
    }
}

/// A decimal number as its digits without the point, and how many of them stand behind it. Numbers too long to hold
/// read as the largest one, which is too long a time in any unit.
fn decimal(number: &str) -> Option<(u128, u32)> {
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    // Nine decimals of an hour are below a microsecond; the rest is cut so that it cannot overflow.
    let part = &part[..part.len().min(9)];
    let decimals = u32::try_from(part.len()).ok()?;
    Some((
        format!("{whole}{part}").parse().unwrap_or(u128::MAX),
        decimals,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units_are_read_exactly() {
        for (text, ns) in [
            ("1ns", 1),
            ("10 ms", 10_000_000),
            ("1.5 s", 1_500_000_000),
            ("0.001us", 1),
            ("2 \u{b5}s", 2_000),
            ("2 \u{3bc}s", 2_000),
            ("3 min", 180_000_000_000),
            ("1_000 us", 1_000_000),
            (" 7 s ", 7_000_000_000),
        ] {
            assert_eq!(nanoseconds(text), Ok(ns), "{text}");
        }
    }

    #[test]
    fn each_fault_is_told_apart() {
        for (text, fault) in [
            ("", Fault::Number),
            ("ms", Fault::Number),
            ("1.", Fault::Number),
            (".5 s", Fault::Number),
            ("1.2.3 s", Fault::Number),
            ("-1 s", Fault::Number),
            ("10", Fault::NoUnit),
            ("10 fortnights", Fault::Unit),
            ("10 MS", Fault::Unit),
            ("0 ms", Fault::Zero),
            ("0.5 ns", Fault::Zero),
            ("99999999999999999999 s", Fault::TooLong),
            (
                "99999999999999999999999999999999999999999999 s",
                Fault::TooLong,
            ),
        ] {
            assert_eq!(nanoseconds(text), Err(fault), "{text}");
        }
    }
}
