//! Counting values far from the rest. They are counted, never dropped.

use super::quantile;

/// How many values lie outside Tukey's fences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outliers {
    /// More than 3 interquartile ranges below the first quartile.
    pub low_severe: usize,
    /// 1.5 to 3 interquartile ranges below the first quartile.
    pub low_mild: usize,
    /// 1.5 to 3 interquartile ranges above the third quartile.
    pub high_mild: usize,
    /// More than 3 interquartile ranges above the third quartile.
    pub high_severe: usize,
}

impl Outliers {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> usize {
        self.low_severe + self.low_mild + self.high_mild + self.high_severe
    }
}

/// Counts outliers. Source: Tukey, Exploratory Data Analysis, 1977.
///
/// ```
/// let counted = scalebench_model::stats::outliers(&[10.0, 11.0, 10.5, 10.2, 10.8, 99.0]);
/// assert_eq!((counted.high_severe, counted.total()), (1, 1));
/// ```
#[must_use]
pub fn outliers(values: &[f64]) -> Outliers {
    let mut ascending = values.to_vec();
    crate::sort::numbers(&mut ascending);
    let (Some(first), Some(third)) = (quantile(&ascending, 0.25), quantile(&ascending, 0.75))
    else {
        return Outliers::default();
    };
    let range = third - first;
    let mut counted = Outliers::default();
    for value in ascending {
        match value {
            v if v < first - 3.0 * range => counted.low_severe += 1,
            v if v < first - 1.5 * range => counted.low_mild += 1,
            v if v > third + 3.0 * range => counted.high_severe += 1,
            v if v > third + 1.5 * range => counted.high_mild += 1,
            _ => {}
        }
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_and_grade_is_told_apart() {
        // Quartiles 2 and 4 (type 7 over the 9 values), range 2: fences at -4, -1, 7 and 10.
        let values = [-9.0, -3.0, 2.0, 2.0, 3.0, 4.0, 4.0, 9.0, 90.0];
        let expected = Outliers {
            low_severe: 1,
            low_mild: 1,
            high_mild: 1,
            high_severe: 1,
        };
        assert_eq!(outliers(&values), expected);
        assert_eq!(outliers(&[]), Outliers::default());
    }
}
