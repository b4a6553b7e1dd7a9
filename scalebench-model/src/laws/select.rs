//! Choosing among the laws.

use super::capacity;
use super::fit::{Fit, Law, Observed, REFRESHES, fit};
use crate::stats::chi_squared_tail;

/// A law that misses no point by more than this is named, however exact the points are.
pub const NEAR_ENOUGH: f64 = 0.03;
/// A capacity, which claims a corner, must be as near as this where values were not repeated.
const NEAR_A_CORNER: f64 = 2.0 * NEAR_ENOUGH;
/// Below this probability of so bad a fit, no law describes the curve.
const LEAST_PROBABILITY: f64 = 0.01;
/// Laws within this much of the best χ²+2p are as good as the best.
const AS_GOOD: f64 = 2.0;
/// Where values were not repeated, a typical miss above this means that no law describes the curve.
const MUCH_MISSED: f64 = 0.10;

/// The outcome of choosing among the laws.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// The law with the fewest parameters of those that are near enough or that the data cannot tell from the best; where none
    /// is, the one that misses least.
    pub chosen: Fit,
    /// Whether it describes the curve.
    pub describes: bool,
    /// By how much the chosen law misses the point that it misses most, as a share.
    pub largest_miss: f64,
    /// The weights of the best law's fit.
    pub(super) weights: Vec<f64>,
}

/// Fits all laws and chooses; `None` where not even a straight line can be fitted.
///
/// A law may be named that misses no point by more than [`NEAR_ENOUGH`], or that the data cannot tell from the best by χ²+2p
/// with known variance, if the best is as probable as fits are. Of these the one with the fewest parameters is chosen.
/// Source: Burnham and Anderson, Model Selection and Multimodel Inference, Springer, 2002, section 2.2.
#[must_use]
pub fn select(observed: &Observed) -> Option<Selection> {
    let fits = fits(observed);
    let best = best(&fits)?;
    let degrees = observed.threads.len() - best.law.parameters();
    let probable = chi_squared_tail(best.chi_squared, degrees as f64) >= LEAST_PROBABILITY;
    choose(&fits, best, observed, probable)
}

/// The same for values that were not repeated: the best law's residuals stand for the noise.
#[must_use]
pub fn select_single(observed: &Observed) -> Option<Selection> {
    let mut observed = observed.clone();
    let noise = least_variance(&fits(&observed), &observed).max(1.0);
    for variance in &mut observed.variance {
        *variance *= noise;
    }
    let mut fits = fits(&observed);
    fits.retain(|fit| fit.law != Law::Capacity || fit.largest_miss(&observed) <= NEAR_A_CORNER);
    let best = best(&fits)?;
    let plausible = typical_miss(best, &observed) <= MUCH_MISSED;
    choose(&fits, best, &observed, plausible)
}

fn fits(observed: &Observed) -> Vec<Fit> {
    let enough = |law: &Law| law.parameters() <= observed.threads.len();
    let fits = Law::ALL.into_iter().filter(enough);
    let fits = fits.filter_map(|law| fit(law, observed, REFRESHES));
    fits.filter(|fit| fit.law != Law::Capacity || capacity::is_shown(fit, observed))
        .collect()
}

fn score(fit: &Fit) -> f64 {
    fit.chi_squared + 2.0 * fit.law.parameters() as f64
}

fn best(fits: &[Fit]) -> Option<&Fit> {
    fits.iter().min_by(|a, b| score(a).total_cmp(&score(b)))
}

/// Chooses among the laws; `fits_well` says whether the best one describes the curve as far as its noise tells.
fn choose(fits: &[Fit], best: &Fit, observed: &Observed, fits_well: bool) -> Option<Selection> {
    let is_near = |fit: &Fit| fit.largest_miss(observed) <= NEAR_ENOUGH;
    let as_good = |fit: &Fit| fits_well && score(fit) <= score(best) + AS_GOOD;
    let simplest = fits
        .iter()
        .filter(|fit| is_near(fit) || as_good(fit))
        .min_by(|a, b| {
            let (p, q) = (a.law.parameters(), b.law.parameters());
            p.cmp(&q).then(preference(a).total_cmp(&preference(b)))
        });
    let closest = || {
        fits.iter().min_by(|a, b| {
            let miss = |fit: &Fit| fit.largest_miss(observed);
            miss(a).total_cmp(&miss(b))
        })
    };
    let chosen = simplest.or_else(closest)?;
    Some(Selection {
        chosen: chosen.clone(),
        describes: simplest.is_some(),
        largest_miss: chosen.largest_miss(observed),
        weights: best.linear_weights(observed),
    })
}

/// What laws with equally many parameters are compared by. One big lock is Amdahl's law with σ = 1 and a power law with
/// p = 0 at once: where the data do not tell them apart, the law that names a mechanism is preferred.
fn preference(fit: &Fit) -> f64 {
    match fit.law {
        Law::Power => fit.chi_squared + 1.0,
        _ => fit.chi_squared,
    }
}

/// The least χ² per degree of freedom of any law: by how much the variances are too small, if they are.
fn least_variance(fits: &[Fit], observed: &Observed) -> f64 {
    let reduced = fits.iter().filter_map(|fit| {
        let degrees = observed.threads.len() - fit.law.parameters();
        (degrees > 0).then(|| fit.chi_squared / degrees as f64)
    });
    reduced.min_by(f64::total_cmp).unwrap_or(0.0)
}

/// The typical relative residual.
fn typical_miss(fit: &Fit, observed: &Observed) -> f64 {
    let points = observed.threads.iter().zip(&observed.r);
    let squares: f64 = points.map(|(&n, r)| (r / fit.r(n) - 1.0).powi(2)).sum();
    let degrees = observed.threads.len() - fit.law.parameters();
    (squares / degrees.max(1) as f64).sqrt()
}
