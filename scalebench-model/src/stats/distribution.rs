//! Student's t and chi-squared.

use std::f64::consts::{PI, TAU};
use std::sync::LazyLock;

use super::special::{beta_half, gamma_half_step, gamma_upper};

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
    let outside = 0.5 - level / 2.0;
    solve(outside, |t| {
        (student_tail(t, degrees), student_density(t, degrees))
    })
}

/// The positive t at which a tail probability falls to `wanted`, which lies between 0 and 1/2; `curve` gives tail and
/// density at t.
///
/// Newton's method on the logarithms, where tails are nearly straight, kept within a bracket.
fn solve(wanted: f64, curve: impl Fn(f64) -> (f64, f64)) -> f64 {
    const MOST_STEPS: usize = 200;
    let (mut low, mut high) = (0.0, 1.0);
    while curve(high).0 > wanted && high < f64::MAX / 2.0 {
        (low, high) = (high, 2.0 * high);
    }
    let mut t = high;
    for _ in 0..MOST_STEPS {
        let (tail, density) = curve(t);
        if tail > wanted {
            low = t;
        } else {
            high = t;
        }
        let newton = t * ((tail / wanted).ln() * tail / (density * t)).exp();
        let inside = newton > low && newton < high;
        let next = if inside {
            newton
        } else {
            f64::midpoint(low, high)
        };
        let step = (next - t).abs();
        t = next;
        if step <= 2.0 * f64::EPSILON * t {
            break;
        }
    }
    t
}

/// The density of Student's t, of the normal distribution from [`MANY_DEGREES`] on.
fn student_density(t: f64, degrees: f64) -> f64 {
    if degrees > MANY_DEGREES {
        return (-t * t / 2.0).exp() / TAU.sqrt();
    }
    let height = gamma_half_step(degrees / 2.0) / (PI * degrees).sqrt();
    height * (-(degrees + 1.0) / 2.0 * (t * t / degrees).ln_1p()).exp()
}

/// The probability that Student's t exceeds `t`; 1 when `degrees` is not positive or `t` is not a number.
#[must_use]
pub fn student_tail(t: f64, degrees: f64) -> f64 {
    if t.is_nan() || degrees.is_nan() || degrees <= 0.0 {
        return 1.0;
    }
    let both = if degrees > MANY_DEGREES {
        gamma_upper(0.5, t * t / 2.0)
    } else {
        beta_half(t * t / degrees, degrees / 2.0)
    };
    if t < 0.0 {
        1.0 - both / 2.0
    } else {
        both / 2.0
    }
}

/// The probability that chi-squared with so many degrees of freedom exceeds `value`; 1 for no degrees.
///
/// ```
/// let p = scalebench_model::stats::chi_squared_tail(11.345, 3.0);
/// assert!((p - 0.01).abs() < 1e-5);
/// ```
#[must_use]
pub fn chi_squared_tail(value: f64, degrees: f64) -> f64 {
    if value.is_nan() || degrees.is_nan() || degrees <= 0.0 || degrees.is_infinite() {
        return 1.0;
    }
    gamma_upper(degrees / 2.0, value / 2.0)
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

    /// Upper points as printed in tables of chi-squared.
    #[test]
    fn tails_of_chi_squared_are_those_of_the_tables() {
        let table = [
            (1.0, 3.841_46, 0.05),
            (2.0, 9.210_34, 0.01),
            (5.0, 0.831_21, 0.975),
            (10.0, 29.588_30, 0.001),
            (30.0, 18.492_66, 0.95),
            (100.0, 124.342_11, 0.05),
        ];
        for (degrees, value, printed) in table {
            let tail = chi_squared_tail(value, degrees);
            assert!((tail / printed - 1.0).abs() < 1e-5, "{degrees}: {tail}");
        }
    }

    /// Beside another implementation, to ten digits.
    #[test]
    fn all_is_as_statrs_has_it() {
        use statrs::distribution::{ChiSquared, ContinuousCDF, Normal, StudentsT};
        let near = |ours: f64, theirs: f64, what: String| {
            let error = (ours - theirs).abs() / theirs.abs().max(1e-200);
            assert!(error < 1e-10, "{what}: {ours} and {theirs}");
        };
        for degrees in [0.5, 1.0, 1.7, 2.0, 3.0, 4.0, 9.5, 30.0, 63.9, 64.0, 400.0] {
            let student = StudentsT::new(0.0, 1.0, degrees).expect("valid");
            for t in [-3.0, -0.1, 0.3, 1.0, 2.0, 5.0, 40.0] {
                let theirs = student.sf(t);
                if theirs > 1e-200 {
                    near(
                        student_tail(t, degrees),
                        theirs,
                        format!("t({degrees}) {t}"),
                    );
                }
            }
            for level in [0.1, 0.5, 0.9, 0.95, 0.99, 0.999_9] {
                let t = student_quantile(degrees, level);
                near(
                    2.0 * student.sf(t),
                    1.0 - level,
                    format!("t({degrees}) {level}"),
                );
            }
            let chi = ChiSquared::new(degrees).expect("valid");
            for value in [1e-3, 0.2, 1.0, 5.0, 25.0, 80.0, 500.0] {
                let theirs = chi.sf(value);
                if theirs > 1e-200 {
                    near(
                        chi_squared_tail(value, degrees),
                        theirs,
                        format!("chi({degrees}) {value}"),
                    );
                }
            }
        }
        for z in [-2.0, 0.0, 0.5, 1.96, 6.0] {
            near(
                student_tail(z, f64::INFINITY),
                Normal::standard().sf(z),
                format!("z {z}"),
            );
        }
    }

    /// With many degrees: the expansion around the normal distribution, which ends after 1/n² to every digit here.
    #[test]
    fn tails_of_many_degrees_are_exact() {
        let (n, normal, density) = (1e5, 0.158_655_253_931_457_05, 0.241_970_724_519_143_37);
        let expected = normal + density * (2.0 / (4.0 * n) - 12.0 / (96.0 * n * n));
        let tail = student_tail(1.0, n);
        assert!((tail - expected).abs() < 1e-14, "{tail} and {expected}");
    }

    /// Beside the middle the tail is a straight line of known slope.
    #[test]
    fn tails_are_exact_beside_the_middle() {
        for (degrees, density) in [
            (1.0, 1.0 / PI),
            (2.0, 0.125_f64.sqrt()),
            (3.0, 2.0 / (PI * 3.0_f64.sqrt())),
        ] {
            let tail = student_tail(1e-6, degrees);
            assert!(
                (tail - (0.5 - 1e-6 * density)).abs() < 1e-15,
                "{degrees}: {tail}"
            );
        }
    }

    #[test]
    fn quantile_and_tail_are_inverse() {
        for degrees in [0.7, 1.0, 3.3, 8.0, 63.0, 64.0, 5000.0] {
            let t = student_quantile(degrees, 0.95);
            let tail = student_tail(t, degrees);
            assert!((tail - 0.025).abs() < 1e-14, "{degrees}: {tail}");
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
