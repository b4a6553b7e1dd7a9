//! Intervals for counts of rare events.

use super::special::gamma_upper;

/// The central interval for the mean of a Poisson count that came out as `count`, which need not be whole: [0, 3.7] for none at
/// 95 %.
///
/// Source: Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28, 1936.
///
/// ```
/// use scalebench_model::stats::poisson_interval;
/// // From the table there: 5 events.
/// let [lower, upper] = poisson_interval(5.0, 0.95);
/// assert!((lower - 1.62).abs() < 0.005 && (upper - 11.67).abs() < 0.005);
/// assert_eq!(poisson_interval(0.0, 0.95)[0], 0.0);
/// ```
#[must_use]
pub fn poisson_interval(count: f64, level: f64) -> [f64; 2] {
    let tail = (1.0 - level) / 2.0;
    let lower = match count > 0.0 {
        true => gamma_quantile(count, 1.0 - tail),
        false => 0.0,
    };
    [lower, gamma_quantile(count + 1.0, tail)]
}

/// Where so much of a gamma distribution of this shape (and scale 1) lies above.
fn gamma_quantile(shape: f64, above: f64) -> f64 {
    let (mut low, mut high) = (0.0, shape + 1.0);
    while gamma_upper(shape, high) > above {
        high *= 2.0;
    }
    // Halved so often, what is left is below the last digit of any figure.
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        match gamma_upper(shape, middle) > above {
            true => low = middle,
            false => high = middle,
        }
    }
    f64::midpoint(low, high)
}
