//! The latency fit against reference fits to ten digits.

use scalebench_model::laws::{Fit, Law, Observed, Usl, fit};

use crate::fixture::{close, lines, number, observed};

/// Σ ((R − R̂)/R)², the sum that the reference minimizes.
fn relative_squares(observed: &Observed, r: impl Fn(f64) -> f64) -> f64 {
    let terms = observed.threads.iter().zip(&observed.r);
    terms
        .map(|(&n, observed)| (1.0 - r(n) / observed).powi(2))
        .sum()
}

/// Without a refresh the weights are 1/R², as in the reference.
fn fitted(observed: &Observed) -> Fit {
    fit(Law::Usl, observed, 0).expect("a fit")
}

#[test]
fn every_reference_row_comes_out() {
    let rows = lines(include_str!("../fixtures/latency_fits.csv"));
    assert_eq!(rows.len(), 12);
    for row in rows {
        let name = row["dataset"].as_str();
        let get = |column: &str| number(&row, column).expect("a number");
        let observed = observed(name);
        let found = fitted(&observed);
        let reference = Usl {
            lambda: get("lambda"),
            sigma: get("sigma"),
            kappa: get("kappa"),
        };
        let squares = relative_squares(&observed, |n| found.r(n));
        // Sums near rounding (exact data of ten digits) are only good to their own size.
        let least = get("relative_squares");
        assert!(
            squares <= least * (1.0 + 1e-6) + 1e-20,
            "{name}: {squares} above {least}"
        );
        for &n in &observed.threads {
            assert!(
                close(found.r(n), reference.latency_s(n), 1e-6),
                "{name} at {n}"
            );
        }
        assert!(
            close(1.0 / found.r_one(), reference.lambda, 1e-6),
            "{name} lambda"
        );
        assert!(
            close(found.sigma(), reference.sigma, 1e-6),
            "{name} sigma {}",
            found.sigma()
        );
        assert!(
            close(found.kappa(), reference.kappa, 1e-6),
            "{name} kappa {}",
            found.kappa()
        );
    }
}

#[test]
fn costs_are_never_negative_and_the_best_allowed_ones() {
    // κ would be negative here; on the face κ = 0 no other σ may be better.
    let observed = observed("cisco_first10");
    let found = fitted(&observed);
    assert_eq!(found.kappa(), 0.0);
    let best = relative_squares(&observed, |n| found.r(n));
    for (step_one, step_sigma) in [(1e-3, 0.0), (-1e-3, 0.0), (0.0, 1e-4), (0.0, -1e-4)] {
        let moved = Usl {
            lambda: (1.0 + step_one) / found.r_one(),
            sigma: found.sigma() + step_sigma,
            kappa: 0.0,
        };
        assert!(relative_squares(&observed, |n| moved.latency_s(n)) > best);
    }
}

#[test]
fn identifiability_is_as_computed_elsewhere() {
    // Standard errors of σ and κ at 1 % noise, to the digits printed: the reason why four points up to 8 are the least
    // that a law needs.
    use scalebench_model::laws::least_squares;
    let table = lines(include_str!("../fixtures/identifiability.csv"));
    assert_eq!(table.len(), 12);
    for row in table {
        let get = |column: &str| number(&row, column).expect("a number");
        let (sigma, kappa) = (get("sigma"), get("kappa"));
        let counts = row["threads"].split(' ');
        let threads: Vec<f64> = counts.map(|n| n.parse().expect("a count")).collect();
        let law = Usl {
            lambda: 1.0,
            sigma,
            kappa,
        };
        let rows: Vec<[f64; 3]> = threads
            .iter()
            .map(|n| [1.0, n - 1.0, n * (n - 1.0)])
            .collect();
        let r: Vec<f64> = threads.iter().map(|&n| law.latency_s(n)).collect();
        let weights: Vec<f64> = r.iter().map(|r| 1.0 / (0.01 * r).powi(2)).collect();
        let c = least_squares(&rows, &r, &weights, &[0, 1, 2])
            .expect("solvable")
            .covariance;
        // σ = b/a by the delta method: gradient (−σ, 1)/a with a = 1.
        let error = |i: usize, value: f64| {
            (c[i][i] - 2.0 * value * c[0][i] + value * value * c[0][0]).sqrt()
        };
        for (i, value, column) in [(1, sigma, "se_sigma"), (2, kappa, "se_kappa")] {
            let (found, printed) = (error(i, value), get(column));
            assert!(close(found, printed, 1e-4), "{threads:?} {column}: {found}");
        }
    }
}
