//! Coefficients as their publishers printed them, each by the publisher's own method, each known fault named.
//!
//! The publishers fit throughput, not latency; their methods live here, on the model's least squares, so that we know why
//! our figures differ from theirs.

use scalebench_model::laws::{Usl, least_squares};

use crate::fixture::{close, points};

/// Whether a value rounds to what was printed with `digits` significant digits.
fn prints_as(value: f64, printed: f64, digits: i32) -> bool {
    let place = 10_f64.powi(printed.abs().log10().floor() as i32 + 1 - digits);
    (value - printed).abs() <= 0.500_001 * place
}

/// Unweighted non-linear least squares on X by Gauss-Newton with halving (R usl ≥ 1.8 "nlxb", usl4j, usl-rs).
fn fit_throughput(points: &[(f64, f64)]) -> Usl {
    let rows: Vec<[f64; 3]> = points
        .iter()
        .map(|(n, _)| [1.0, n - 1.0, n * (n - 1.0)])
        .collect();
    let r: Vec<f64> = points.iter().map(|(n, x)| n / x).collect();
    let weights: Vec<f64> = r.iter().map(|r| r.powi(-2)).collect();
    let mut p = least_squares(&rows, &r, &weights, &[0, 1, 2])
        .unwrap()
        .parameters;
    let predicted =
        |p: &[f64; 3], row: &[f64; 3], n: f64| n / (p[0] * row[0] + p[1] * row[1] + p[2] * row[2]);
    let squares = |p: &[f64; 3]| -> f64 {
        let terms = points.iter().zip(&rows);
        terms
            .map(|((n, x), row)| (x - predicted(p, row, *n)).powi(2))
            .sum()
    };
    for _ in 0..200 {
        // dX/dp = −X²/N · row
        let jacobian: Vec<[f64; 3]> = points
            .iter()
            .zip(&rows)
            .map(|((n, _), row)| row.map(|v| -predicted(&p, row, *n).powi(2) / n * v))
            .collect();
        let residuals: Vec<f64> = points
            .iter()
            .zip(&rows)
            .map(|((n, x), row)| x - predicted(&p, row, *n))
            .collect();
        let ones = vec![1.0; points.len()];
        let step = least_squares(&jacobian, &residuals, &ones, &[0, 1, 2])
            .unwrap()
            .parameters;
        let mut size = 1.0;
        let moved = |size: f64| std::array::from_fn(|i| p[i] + size * step[i]);
        while squares(&moved(size)) > squares(&p) && size > 1e-9 {
            size /= 2.0;
        }
        p = moved(size);
    }
    Usl {
        lambda: 1.0 / p[0],
        sigma: p[1] / p[0],
        kappa: p[2] / p[0],
    }
}

/// Ordinary least squares on N/C − 1, with λ taken from the first point (R usl < 1.8 "default").
fn fit_transformed(points: &[(f64, f64)]) -> Usl {
    let lambda = points[0].1;
    let rows: Vec<[f64; 3]> = points
        .iter()
        .map(|(n, _)| [0.0, n - 1.0, n * (n - 1.0)])
        .collect();
    let y: Vec<f64> = points.iter().map(|(n, x)| n * lambda / x - 1.0).collect();
    let ones = vec![1.0; y.len()];
    let p = least_squares(&rows, &y, &ones, &[1, 2]).unwrap().parameters;
    Usl {
        lambda,
        sigma: p[1],
        kappa: p[2],
    }
}

/// R package usl 3.0.3, tests "summary", "peak", "optimal" and "limit" (SPEC SDM91).
#[test]
fn r_usl_on_specsdm91() {
    let law = fit_throughput(&points("specsdm91"));
    assert!(prints_as(law.sigma, 2.773e-2, 4), "{law:?}");
    assert!(prints_as(law.kappa, 1.044e-4, 4));
    // Printed "90", four digits: 89.995 rounds to it.
    assert!(prints_as(law.lambda, 90.00, 4));
    assert!(prints_as(law.peak_threads().unwrap(), 96.51956, 7));
    assert!(prints_as(law.peak_throughput().unwrap(), 1884.0, 4));
    let amdahl = Usl { kappa: 0.0, ..law };
    assert!(prints_as(amdahl.asymptote().unwrap(), 3245.589, 7));
    // "optimal": where the linear start meets the limit, 1/σ.
    assert!(prints_as(1.0 / law.sigma, 36.06401, 7));
    // Printed efficiencies are X(N)/(Nλ) at the measured points.
    let printed = [0.7211, 0.6148, 0.5100, 0.2860, 0.1882, 0.1370, 0.0876];
    for ((n, x), printed) in points("specsdm91").iter().zip(printed) {
        assert!((x / (n * law.lambda) - printed).abs() < 5.1e-5, "{n}");
    }
}

/// R usl 1.8.0, tests t03, t08 and t06. Known faults: the standard errors printed beside the transform fit (3.318e-3) are
/// not those of its regression (2.159e-3); and t06 holds λ fixed as if it were known, which makes its standard
/// errors 4.2 times too small. Neither is reproduced; the coefficients are.
#[test]
fn older_r_usl_on_specsdm91() {
    let law = fit_transformed(&points("specsdm91"));
    assert!(prints_as(law.sigma, 1.705e-2, 4), "{law:?}");
    assert!(prints_as(law.kappa, 7.892e-5, 4));
    assert_eq!(law.lambda, 64.9);
    // Printed "110", two digits.
    assert!(prints_as(law.peak_threads().unwrap(), 110.0, 2));
}

/// R usl 3.0.3, tests "confint", "warn-accuracy". Known fault: `confint` prints 90 % intervals as 95 %: it takes qt(0.95)
/// with n−1 degrees of freedom where qt(0.975) with n−3 belongs.
#[test]
fn r_usl_on_the_first_points_of_raytracer() {
    let six = fit_throughput(&points("raytracer_first6"));
    assert!(prints_as(six.sigma, 0.02444, 4), "{six:?}");
    assert!(prints_as(six.kappa, 0.00163, 3));
    assert!(prints_as(six.lambda, 20.85605, 7));
    // What their quantile makes of the standard error of σ (0.0083907), and what it should have been.
    use scalebench_model::stats::student_quantile;
    let error = 0.008_390_655_855;
    let printed_half = (0.04135 - 0.00754) / 2.0;
    assert!((error * student_quantile(5.0, 0.90) - printed_half).abs() < 1e-5);
    assert!(error * student_quantile(3.0, 0.95) > 1.5 * printed_half);
    let five = fit_throughput(&points("raytracer_first5"));
    assert!(prints_as(five.sigma, 0.028, 2), "{five:?}");
    assert!(prints_as(five.kappa, 0.001, 1));
    assert!(prints_as(five.lambda, 21.059, 5));
}

/// R usl 1.8.0 test "confint", transform fit.
#[test]
fn older_r_usl_on_raytracer() {
    let law = fit_transformed(&points("raytracer"));
    assert!(prints_as(law.sigma, 0.050_023_94, 7), "{law:?}");
    assert!(prints_as(law.kappa, 0.000_004_71, 3));
    assert_eq!(law.lambda, 20.0);
}

/// R usl tests on data computed from a law: 3.0.3 "coef" (0.02, 0.02, 1) and 1.0.0 "t02" (0.5, 0.125, 1).
#[test]
fn r_usl_on_exact_data() {
    let toy = fit_throughput(&points("toy"));
    assert!(
        (toy.sigma - 0.02).abs() < 5e-5 && (toy.kappa - 0.02).abs() < 5e-5,
        "{toy:?}"
    );
    assert!((toy.lambda - 1.0).abs() < 5e-3);
    let first = fit_transformed(&points("toy_v1"));
    assert!(
        (first.sigma - 0.5).abs() < 1e-5 && (first.kappa - 0.125).abs() < 1e-6,
        "{first:?}"
    );
}

/// usl4j and usl-rs on Schwartz's cisco data, within the tolerances of their own tests (0.02 %, 0.001 %). Known faults:
/// both print the peak rounded down (35 for 35.57), and invert throughput at a given latency with σ and κ swapped in
/// sign; ours leads back to the point it came from.
#[test]
fn usl4j_and_usl_rs_on_cisco() {
    let law = fit_throughput(&points("cisco"));
    assert!(close(law.sigma, 0.026_715_91, 2e-4), "{law:?}");
    assert!(close(law.kappa, 7.690_945e-4, 2e-4));
    assert!(close(law.lambda, 995.6486, 1e-5));
    assert_eq!(law.peak_threads().unwrap().floor(), 35.0);
    assert!(close(law.throughput(35.0), 12_341.0, 1e-4));
    for threads in [2.0, 20.0, 32.0] {
        let x = law.throughput_for_latency(law.latency_s(threads)).unwrap();
        assert!(close(x, law.throughput(threads), 1e-9));
    }
}

/// usl-rs README. Known faults: κ and λ are printed under each other's names, and its optimizer stopped in the flat valley,
/// 0.07 % above the least sum of squares but 1.6 % off in σ. So: our sum is smaller, predictions agree to 1 %.
#[test]
fn usl_rs_readme_on_specsdm91() {
    let points = points("specsdm91_rounded");
    let ours = fit_throughput(&points);
    let theirs = Usl {
        lambda: 90.691_376,
        sigma: 0.028_168,
        kappa: 0.000_104,
    };
    let squares = |law: &Usl| -> f64 {
        points
            .iter()
            .map(|(n, x)| (x - law.throughput(*n)).powi(2))
            .sum()
    };
    assert!(close(squares(&ours), 27_310.08, 1e-6), "{}", squares(&ours));
    assert!(squares(&theirs) > squares(&ours));
    for (n, _) in &points {
        assert!(
            close(theirs.throughput(*n), ours.throughput(*n), 1e-2),
            "{n}"
        );
    }
    assert!(close(theirs.sigma, ours.sigma, 2e-2));
}

/// Our latency fit weighs each point by its own size, so it follows the first point where the fits above ignore it.
#[test]
fn an_unweighted_fit_of_throughput_ignores_the_first_point() {
    use scalebench_model::laws::{Law, REFRESHES, fit};
    let theirs = fit_throughput(&points("specsdm91"));
    let ours = fit(Law::Usl, &crate::fixture::observed("specsdm91"), REFRESHES).unwrap();
    assert!(theirs.lambda / 64.9 > 1.38);
    assert!((1.0 / ours.r_one()) / 64.9 < 1.05);
}
