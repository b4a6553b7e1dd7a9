//! Control of false discoveries among many tests.

/// Which of many tests may be called discoveries, so that among them at most a share `rate` is false on average.
///
/// Source: Benjamini and Hochberg, Journal of the Royal Statistical Society B 57(1), 1995.
///
/// ```
/// let found = scalebench_model::stats::discoveries(&[0.01, 0.04, 0.30, 0.02], 0.05);
/// assert_eq!(found, [true, false, false, true]);
/// ```
#[must_use]
pub fn discoveries(probabilities: &[f64], rate: f64) -> Vec<bool> {
    let mut ascending: Vec<f64> = probabilities.to_vec();
    crate::sort::numbers(&mut ascending);
    let count = ascending.len() as f64;
    let limit = ascending
        .iter()
        .enumerate()
        .rev()
        .find(|(i, p)| **p <= rate * (*i as f64 + 1.0) / count)
        .map(|(_, p)| *p);
    let found = |p: &f64| limit.is_some_and(|limit| *p <= limit);
    probabilities.iter().map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_comes_out() {
        // Table 1 of the source: 15 tests, of which the procedure rejects the four smallest at 0.05.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.000,
        ];
        let found = discoveries(&p, 0.05);
        assert_eq!(found.iter().filter(|&&f| f).count(), 4);
        assert!(found[..4].iter().all(|&f| f));
    }

    #[test]
    fn a_later_test_can_carry_earlier_ones() {
        // 0.04 alone misses 0.05/2, but together with 0.045 both pass.
        assert_eq!(discoveries(&[0.045, 0.04], 0.05), [true, true]);
        assert!(discoveries(&[], 0.05).is_empty());
        assert_eq!(discoveries(&[f64::NAN, 0.001], 0.05), [false, true]);
    }
}
