//! The special functions behind the distributions, for the few arguments that they are asked for.

/// Terms of a series or a continued fraction that are enough for any argument asked for here.
const MOST_TERMS: usize = 100_000;

/// Γ(a + 1/2)/Γ(a) for a > 0.
///
/// Worked out as a whole: the difference of two logarithms of Γ would lose the digits that a large `a` needs.
pub(super) fn gamma_half_step(a: f64) -> f64 {
    // The asymptotic series has full precision from here on; source: NIST DLMF 5.11.13.
    const ASYMPTOTIC: f64 = 32.0;
    let (mut a, mut factor) = (a, 1.0);
    while a < ASYMPTOTIC {
        factor *= a / (a + 0.5);
        a += 1.0;
    }
    let x = 1.0 / a;
    let series = [
        869.0 / 4_194_304.0,
        -399.0 / 262_144.0,
        -21.0 / 32_768.0,
        5.0 / 1024.0,
        1.0 / 128.0,
        -1.0 / 8.0,
        1.0,
    ]
    .into_iter()
    .fold(39_325.0 / 33_554_432.0, |sum, next| sum * x + next);
    factor * a.sqrt() * series
}

/// ln Γ(a) for a > 0.
pub(super) fn ln_gamma(a: f64) -> f64 {
    // Stirling's series has full precision from here on; source: NIST DLMF 5.11.1.
    const ASYMPTOTIC: f64 = 16.0;
    let (mut a, mut product) = (a, 1.0);
    while a < ASYMPTOTIC {
        product *= a;
        a += 1.0;
    }
    let x = 1.0 / (a * a);
    let series = [1.0 / 1260.0, -1.0 / 360.0, 1.0 / 12.0]
        .into_iter()
        .fold(1.0 / 1188.0 * x - 1.0 / 1680.0, |sum, next| sum * x + next);
    (a - 0.5) * a.ln() - a + 0.5 * std::f64::consts::TAU.ln() + series / a - product.ln()
}

/// The regularised upper incomplete gamma function Q(a, x) for a > 0 and x ≥ 0.
pub(super) fn gamma_upper(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    if x.is_infinite() {
        return 0.0;
    }
    let front = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        // P(a, x) by its power series; source: NIST DLMF 8.11.4.
        let (mut term, mut sum) = (1.0 / a, 1.0 / a);
        for n in 1..MOST_TERMS {
            term *= x / (a + n as f64);
            sum += term;
            if term < sum * f64::EPSILON {
                break;
            }
        }
        return (1.0 - front * sum).clamp(0.0, 1.0);
    }
    // Q(a, x) by its continued fraction; source: NIST DLMF 8.9.2.
    let fraction = continued_fraction(x + 1.0 - a, |n| {
        let n = n as f64;
        (n * (a - n), x + 2.0 * n + 1.0 - a)
    });
    (front * fraction).clamp(0.0, 1.0)
}

/// The regularised incomplete beta function I(x; a, 1/2) for a > 0, where `odds` = (1 − x)/x ≥ 0.
///
/// Odds say more than `x` does where that is nearly 1.
pub(super) fn beta_half(odds: f64, a: f64) -> f64 {
    if odds <= 0.0 {
        return 1.0;
    }
    if odds.is_infinite() {
        return 0.0;
    }
    let (x, rest) = (1.0 / (1.0 + odds), odds / (1.0 + odds));
    let (b, beta) = (0.5, std::f64::consts::PI.sqrt() / gamma_half_step(a));
    let front = (-a * odds.ln_1p()).exp() * rest.sqrt() / beta;
    if x < (a + 1.0) / (a + b + 2.0) {
        front / a * beta_fraction(x, a, b)
    } else {
        1.0 - front / b * beta_fraction(rest, b, a)
    }
}

/// The continued fraction of the incomplete beta function; source: NIST DLMF 8.17.22.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    continued_fraction(1.0, |n| {
        let m = (n / 2) as f64;
        let numerator = if n % 2 == 0 {
            m * (b - m) / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        (numerator * x, 1.0)
    })
}

/// 1/(b₀ + a₁/(b₁ + a₂/(b₂ + …))), where `terms` gives (aₙ, bₙ) for n from 1, by Lentz's method.
fn continued_fraction(first: f64, terms: impl Fn(usize) -> (f64, f64)) -> f64 {
    let not_zero = |value: f64| {
        if value == 0.0 {
            f64::MIN_POSITIVE
        } else {
            value
        }
    };
    let mut value = not_zero(first);
    let (mut c, mut d) = (value, 0.0);
    for n in 1..MOST_TERMS {
        let (a, b) = terms(n);
        d = 1.0 / not_zero(b + a * d);
        c = not_zero(b + a / c);
        value *= c * d;
        if (c * d - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    1.0 / value
}
