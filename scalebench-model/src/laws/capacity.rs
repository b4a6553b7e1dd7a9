//! The capacity law: as many calls as there is room for run at a time, and the others wait.
//!
//! X = λ·min(N, C), so R(N) = max(1, N/C)/λ: a semaphore, a pool of connections, a number of workers. On either side of C that is
//! a problem in one parameter, 1/λ below and 1/(λC) per thread above, so the optimum is found by trying every place of C among
//! the points.

use super::fit::{Fit, Law, Observed};

/// A capacity as near to 1 is one lock, which Amdahl's law says as well.
const MORE_THAN_ONE: f64 = 1.03;
/// A point so near to the capacity lies on both sides of it.
const NEAR: f64 = 1.03;

/// The parameters with the least weighted sum of squares, 1/λ and 1/(λC), and the largest N below C.
///
/// `None` for fewer than two points. Points are ascending, `weights` are for R.
pub(super) fn parameters(observed: &Observed, weights: &[f64]) -> Option<([f64; 3], f64)> {
    let splits = 1..observed.threads.len();
    let tried = splits.filter_map(|split| {
        let parameters = split_at(observed, weights, split)?;
        let squares = squares(observed, weights, &parameters);
        Some((squares, (parameters, observed.threads[split - 1])))
    });
    tried
        .min_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, found)| found)
}

/// The best parameters with C from the last of the first `split` points to the next one.
fn split_at(observed: &Observed, weights: &[f64], split: usize) -> Option<[f64; 3]> {
    let (threads, r) = (&observed.threads, &observed.r);
    let below = line(&vec![1.0; split], &r[..split], &weights[..split]);
    let above = line(&threads[split..], &r[split..], &weights[split..]);
    let between = threads[split - 1]..=threads[split];
    let free = below / above;
    let capacity = free.clamp(*between.start(), *between.end());
    let (single, each) = match between.contains(&free) {
        true => (below, above),
        false => {
            let growth: Vec<f64> = threads.iter().map(|n| (n / capacity).max(1.0)).collect();
            let single = line(&growth, r, weights);
            (single, single / capacity)
        }
    };
    let possible = single > 0.0 && each > 0.0 && single.is_finite() && each.is_finite();
    possible.then_some([single, each, 0.0])
}

/// The factor of a column with the least weighted sum of squares.
fn line(column: &[f64], values: &[f64], weights: &[f64]) -> f64 {
    let terms = || column.iter().zip(values).zip(weights);
    let product: f64 = terms().map(|((c, v), w)| w * c * v).sum();
    let square: f64 = terms().map(|((c, _), w)| w * c * c).sum();
    product / square
}

fn squares(observed: &Observed, weights: &[f64], parameters: &[f64; 3]) -> f64 {
    let terms = observed.threads.iter().zip(&observed.r).zip(weights);
    terms
        .map(|((&n, r), w)| w * (r - Law::Capacity.predict(parameters, n)).powi(2))
        .sum()
}

/// Whether the points show a capacity: at least two of them on its far side, and on the near side two or a single thread.
pub(super) fn is_shown(fit: &Fit, observed: &Observed) -> bool {
    let capacity = fit.capacity();
    let count = |on_side: &dyn Fn(&&f64) -> bool| observed.threads.iter().filter(on_side).count();
    let near = count(&|n| **n <= NEAR * capacity);
    let far = count(&|n| **n * NEAR >= capacity);
    let has_one = observed.threads.first() == Some(&1.0);
    capacity > MORE_THAN_ONE && far >= 2 && (near >= 2 || has_one)
}

#[cfg(test)]
mod tests {
    use super::super::fit::{REFRESHES, fit};
    use super::*;

    fn observed(threads: &[f64], r: impl Fn(f64) -> f64) -> Observed {
        Observed {
            threads: threads.to_vec(),
            r: threads.iter().map(|&n| r(n)).collect(),
            variance: vec![1e-4; threads.len()],
        }
    }

    #[test]
    fn a_capacity_comes_back_wherever_it_lies() {
        for capacity in [1.5_f64, 2.0, 3.7, 4.0, 8.0] {
            let points = observed(&[1.0, 2.0, 4.0, 8.0, 16.0], |n| {
                7.0 * (n / capacity).max(1.0)
            });
            let found = fit(Law::Capacity, &points, REFRESHES).expect("a fit");
            assert!(
                (found.capacity() / capacity - 1.0).abs() < 1e-9,
                "{found:?}"
            );
            assert!((found.r_one() - 7.0).abs() < 1e-9);
            assert!(found.largest_miss(&points) < 1e-9);
            assert!(is_shown(&found, &points));
        }
    }

    #[test]
    fn no_other_capacity_is_better() {
        let noise = [1.01, 0.98, 1.02, 0.99, 1.03, 0.97];
        let threads = [1.0, 2.0, 3.0, 5.0, 9.0, 20.0];
        let mut points = observed(&threads, |n| (n / 4.3).max(1.0));
        for (r, noise) in points.r.iter_mut().zip(noise) {
            *r *= noise;
        }
        let weights: Vec<f64> = points.r.iter().map(|r| r.powi(-2)).collect();
        let (best, _) = parameters(&points, &weights).expect("a fit");
        let least = squares(&points, &weights, &best);
        for single in [0.9, 0.97, 1.0, 1.03, 1.1] {
            for each in [0.9, 0.97, 1.0, 1.03, 1.1] {
                let moved = [best[0] * single, best[1] * each, 0.0];
                assert!(squares(&points, &weights, &moved) >= least * (1.0 - 1e-12));
            }
        }
    }

    #[test]
    fn a_bend_at_the_end_is_no_capacity_and_neither_is_one_lock() {
        let shown = |threads: &[f64], capacity: f64| {
            let points = observed(threads, |n| (n / capacity).max(1.0));
            is_shown(
                &fit(Law::Capacity, &points, REFRESHES).expect("a fit"),
                &points,
            )
        };
        assert!(!shown(&[1.0, 2.0, 4.0, 8.0], 6.0));
        assert!(shown(&[1.0, 2.0, 4.0, 8.0], 4.0));
        assert!(!shown(&[1.0, 2.0, 4.0, 8.0], 1.0));
        assert!(!shown(&[4.0, 8.0, 16.0, 32.0], 4.6));
    }
}
