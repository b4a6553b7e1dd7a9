//! Student's t and chi-squared.

use std::sync::LazyLock;

use statrs::distribution::{ChiSquared, ContinuousCDF, Normal, StudentsT};

/// From here on Student's t is the normal distribution to every printed digit.
const MANY_DEGREES: f64 = 1e6;
const COMMON_LEVEL: f64 = 0.95;

/// The quantiles that nearly every interval asks for: whole degrees of freedom below the length, at [`COMMON_LEVEL`].
static COMMON: LazyLock<Vec<f64>> = LazyLock::new(|| {
    (0..64)
        .map(|degrees| compute_quantile(f64::from(degrees), COMMON_LEVEL))
        .collect()
});

/// The two-sided quantile of Student's t: the mean lies within this many standard errors with probability `level`.
///
/// `degrees` of freedom must be positive (infinity is the normal distribution), `level` between 0 and 1 (both
/// excluded); otherwise the answer is infinity.
///
/// ```
/// let t = scalebench_model::stats::student_quantile(4.0, 0.95);
/// assert!((t - 2.776_445).abs() < 1e-6);
/// ```
#[must_use]
pub fn student_quantile(degrees: f64, level: f64) -> f64 {
    let whole = degrees >= 1.0 && degrees < COMMON.len() as f64 && degrees.fract() == 0.0;
    if whole && level == COMMON_LEVEL {
        return COMMON[degrees as usize];
    }
    compute_quantile(degrees, level)
}

fn compute_quantile(degrees: f64, level: f64) -> f64 {
    if !(level > 0.0 && level < 1.0 && degrees > 0.0) {
        return f64::INFINITY;
    }
    let upper = 0.5 + level / 2.0;
    if degrees > MANY_DEGREES {
        return Normal::standard().inverse_cdf(upper);
    }
    StudentsT::new(0.0, 1.0, degrees).map_or(f64::INFINITY, |student| student.inverse_cdf(upper))
}

/// The probability that Student's t exceeds `t`; 1 when `degrees` is not positive or `t` is not a number.
#[must_use]
pub fn student_tail(t: f64, degrees: f64) -> f64 {
    if t.is_nan() {
        return 1.0;
    }
    if degrees > MANY_DEGREES {
        return Normal::standard().sf(t);
    }
    StudentsT::new(0.0, 1.0, degrees).map_or(1.0, |student| student.sf(t))
}

/// The probability that chi-squared with so many degrees of freedom exceeds `value`; 1 for no degrees.
///
/// ```
/// let p = scalebench_model::stats::chi_squared_tail(11.345, 3.0);
/// assert!((p - 0.01).abs() < 1e-5);
/// ```
#[must_use]
pub fn chi_squared_tail(value: f64, degrees: f64) -> f64 {
    if value.is_nan() {
        return 1.0;
    }
    ChiSquared::new(degrees).map_or(1.0, |chi| chi.sf(value.max(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two-sided 95 % and 90 % points as printed in tables of Student's t.
    #[test]
    fn quantiles_are_those_of_the_tables() {
        let table = [
            (1.0, 0.95, 12.706),
            (2.0, 0.95, 4.303),
            (9.0, 0.95, 2.262),
            (120.0, 0.95, 1.980),
            (4.0, 0.90, 2.132),
            (f64::INFINITY, 0.95, 1.960),
            (1e7, 0.90, 1.645),
        ];
        for (degrees, level, printed) in table {
            let t = student_quantile(degrees, level);
            assert!((t - printed).abs() < 6e-4, "{degrees} {level}: {t}");
        }
    }

    #[test]
    fn quantile_and_tail_are_inverse() {
        for degrees in [0.7, 1.0, 3.3, 8.0, 63.0, 64.0, 5000.0] {
            let t = student_quantile(degrees, 0.95);
            let tail = student_tail(t, degrees);
            assert!((tail - 0.025).abs() < 1e-7, "{degrees}: {tail}");
        }
    }

    #[test]
    fn senseless_questions_have_harmless_answers() {
        assert_eq!(student_quantile(0.0, 0.95), f64::INFINITY);
        assert_eq!(student_quantile(f64::NAN, 0.95), f64::INFINITY);
        assert_eq!(student_quantile(3.0, 1.0), f64::INFINITY);
        assert_eq!(student_tail(1.0, 0.0), 1.0);
        assert_eq!(student_tail(f64::NAN, 4.0), 1.0);
        assert_eq!(student_tail(f64::INFINITY, 4.0), 0.0);
        assert_eq!(chi_squared_tail(5.0, 0.0), 1.0);
        assert_eq!(chi_squared_tail(f64::INFINITY, 2.0), 0.0);
    }
}
