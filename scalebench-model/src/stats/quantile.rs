//! Medians and quantiles.

/// The arithmetic mean; `None` for no values.
///
/// ```
/// assert_eq!(scalebench_model::stats::mean(&[1.0, 2.0, 6.0]), Some(3.0));
/// ```
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    // Dividing first keeps sums of huge values finite.
    let n = values.len() as f64;
    (!values.is_empty()).then(|| values.iter().map(|v| v / n).sum())
}

/// The median; `None` for no values.
///
/// ```
/// assert_eq!(scalebench_model::stats::median(&[4.0, 1.0, 2.0]), Some(2.0));
/// assert_eq!(scalebench_model::stats::median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
/// ```
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    let alike = |&value: &f64| Weighted { value, weight: 1.0 };
    weighted_median_in_place(&mut values.iter().map(alike).collect::<Vec<_>>())
}

/// The quantile at `q` (0 to 1) of ascending values, interpolated linearly between order statistics.
///
/// `None` for no values. Source: type 7 of Hyndman and Fan, The American Statistician 50(4), 1996.
///
/// ```
/// let ascending = [1.0, 2.0, 3.0, 4.0, 5.0];
/// assert_eq!(scalebench_model::stats::quantile(&ascending, 0.25), Some(2.0));
/// ```
#[must_use]
pub fn quantile(ascending: &[f64], q: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let place = q.clamp(0.0, 1.0) * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    let part = place - below as f64;
    Some(ascending[below] * (1.0 - part) + ascending[above] * part)
}

/// A value and how much it weighs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighted {
    /// The value.
    pub value: f64,
    /// Its weight; must be positive and finite.
    pub weight: f64,
}

/// The weighted median, found by reordering `values`; `None` for no values.
///
/// Half of the weight lies at or below it. With equal weights it is the ordinary median.
///
/// ```
/// use scalebench_model::stats::{Weighted, weighted_median_in_place};
/// let mut values = [(1.0, 1.0), (2.0, 1.0), (9.0, 5.0)].map(|(value, weight)| Weighted { value, weight });
/// assert_eq!(weighted_median_in_place(&mut values), Some(9.0));
/// ```
pub fn weighted_median_in_place(values: &mut [Weighted]) -> Option<f64> {
    let first = values.first()?.weight;
    let n = values.len();
    let by_value = |a: &Weighted, b: &Weighted| a.value.total_cmp(&b.value);
    if values.iter().all(|v| v.weight == first) {
        let (below, upper, _) = values.select_nth_unstable_by(n / 2, by_value);
        if n % 2 == 1 {
            return Some(upper.value);
        }
        let lower = below.iter().copied().max_by(by_value)?;
        return Some(middle(lower.value, upper.value));
    }
    // Equal values in any order give the same answer, so an unstable sort is enough.
    values.sort_unstable_by(by_value);
    let half = values.iter().map(|v| v.weight).sum::<f64>() / 2.0;
    let mut passed = 0.0;
    for (i, v) in values.iter().enumerate() {
        passed += v.weight;
        if passed >= half * (1.0 - 1e-12) {
            let at_edge = (passed - half).abs() <= half * 1e-12;
            return Some(match values.get(i + 1) {
                Some(next) if at_edge => middle(v.value, next.value),
                _ => v.value,
            });
        }
    }
    values.last().map(|v| v.value)
}

/// Halfway between two values, without overflow.
fn middle(a: f64, b: f64) -> f64 {
    a / 2.0 + b / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighted(values: &[(f64, f64)]) -> Option<f64> {
        let mut values: Vec<Weighted> = values
            .iter()
            .map(|&(value, weight)| Weighted { value, weight })
            .collect();
        weighted_median_in_place(&mut values)
    }

    #[test]
    fn nothing_has_no_median() {
        assert_eq!(median(&[]), None);
        assert_eq!(weighted(&[]), None);
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(mean(&[]), None);
    }

    #[test]
    fn equal_weights_give_the_ordinary_median() {
        assert_eq!(weighted(&[(5.0, 2.0), (1.0, 2.0), (3.0, 2.0)]), Some(3.0));
        assert_eq!(weighted(&[(5.0, 2.0), (1.0, 2.0)]), Some(3.0));
    }

    #[test]
    fn weights_act_like_repetition() {
        let repeated = median(&[1.0, 2.0, 2.0, 2.0, 7.0, 7.0]);
        assert_eq!(weighted(&[(7.0, 2.0), (1.0, 1.0), (2.0, 3.0)]), repeated);
        let on_the_edge = median(&[1.0, 1.0, 4.0, 8.0]);
        assert_eq!(weighted(&[(1.0, 2.0), (4.0, 1.0), (8.0, 1.0)]), on_the_edge);
    }

    #[test]
    fn extreme_values_stay_finite() {
        assert_eq!(median(&[f64::MAX, f64::MAX]), Some(f64::MAX));
        assert!(mean(&[f64::MAX, f64::MAX]).is_some_and(f64::is_finite));
    }
}
