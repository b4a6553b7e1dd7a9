//! What the points of a benchmark say about its law, and what they cannot carry.

use super::design::Design;
use super::fit::{Fit, Law, MISFIT, kappa, sigma};
use super::formula::Usl;
use super::points::Points;
use super::select::Selection;
use super::spread::{Spread, r_of};
use super::words;
use crate::data::{GroupKind, Mode};
use crate::estimate::{Curves, Scale};
use crate::report::{CurvePoint, Estimate, KarpFlatt, LawKind, Laws, MORE_THAN_ALL};
use crate::sort;

/// So many thread counts a law needs …
const LEAST_POINTS: usize = 4;
/// … and one at least as large as this.
const LEAST_THREADS: u32 = 8;
/// A curve says nothing beyond this many times its largest thread count …
const FORESIGHT: f64 = 2.0;
/// … but of a limit to its throughput, which is further away than where it is nearly reached.
const LIMIT_IN_SIGHT: f64 = 10.0;

/// The law of a benchmark; `None` where nothing was measured.
///
/// Only the thread counts in `counted` take part. `cpus` (0: unknown) decides what the sentence recommends.
#[must_use]
pub fn laws(curves: &Curves, counted: &[u32], cpus: u32) -> Option<Laws> {
    let points = Points::of(curves, counted)?;
    let karp_flatt = karp_flatt(curves, &points);
    if points.columns.len() < LEAST_POINTS || points.largest() < LEAST_THREADS {
        return Some(Laws {
            sentence: words::too_few(&points.threads, &karp_flatt, cpus, curves),
            karp_flatt,
            ..empty(LawKind::Unresolved)
        });
    }
    let Some(selection) = points.select(curves) else {
        return Some(Laws {
            sentence: words::not_computable(),
            karp_flatt,
            ..empty(LawKind::Unresolved)
        });
    };
    let superlinear = is_superlinear(curves, &points, &selection);
    let laws = Laws {
        superlinear,
        karp_flatt,
        largest_miss: Some(selection.largest_miss.min(f64::MAX)),
        ..empty(LawKind::None)
    };
    Some(match selection.describes {
        true => describe(curves, &points, &selection.chosen, laws),
        false => Laws {
            sentence: words::no_law(&selection),
            ..laws
        },
    })
}

/// What stands in place of a law for a part of a group: its thread counts are not its own.
#[must_use]
pub fn no_law_in_group(kind: GroupKind) -> Laws {
    Laws {
        sentence: words::in_group(kind),
        ..empty(LawKind::Unresolved)
    }
}

fn empty(chosen: LawKind) -> Laws {
    Laws {
        chosen,
        lambda: None,
        sigma: None,
        kappa: None,
        exponent: None,
        capacity: None,
        largest_miss: None,
        superlinear: false,
        peak_threads: None,
        asymptote_per_s: None,
        karp_flatt: Vec::new(),
        curve: Vec::new(),
        sentence: String::new(),
    }
}

/// A serial fraction is a share: where it lies outside of 0 to 1 with its whole interval, there is none.
fn karp_flatt(curves: &Curves, points: &Points) -> Vec<KarpFlatt> {
    let Some(one) = points.one() else {
        return Vec::new();
    };
    let fraction = |(&threads, &column): (&u32, &usize)| {
        let n = f64::from(threads);
        let serial = |curve: &[f64]| {
            let r = r_of(curves, curve, &[one, column], curve[one]);
            (r[1] - 1.0) / (n - 1.0)
        };
        let serial_fraction = curves.estimate(&[one, column], Scale::Plain, &serial)?;
        let is_share = serial_fraction.lower <= MORE_THAN_ALL && serial_fraction.upper >= 0.0;
        is_share.then(|| KarpFlatt {
            threads,
            serial_fraction: within(serial_fraction, 1.0),
        })
    };
    let above_one = points.threads.iter().zip(&points.columns).skip(1);
    above_one.filter_map(fraction).collect()
}

/// An estimate of what cannot be below 0 or above `most`.
fn within(e: Estimate, most: f64) -> Estimate {
    Estimate {
        estimate: e.estimate.clamp(0.0, most),
        lower: e.lower.clamp(0.0, most),
        upper: e.upper.clamp(0.0, most),
        ..e
    }
}

/// Whether a parameter that is not clamped lies below 0 with its whole interval.
///
/// A negative κ beside a positive σ alone is not superlinear: it only says that latency grows ever more slowly. So the
/// curve itself must rise above an efficiency of 1 too, by more than any law may miss.
fn is_superlinear(curves: &Curves, points: &Points, selection: &Selection) -> bool {
    let Some(one) = points.one() else {
        return false;
    };
    let central = curves.central();
    let r = r_of(curves, central, &points.columns, 1.0);
    let best = r.iter().map(|r| central[one] / r).fold(0.0, f64::max);
    let negative = |law: Law, figure: fn(Law, &[f64; 3]) -> f64| {
        let weights = &selection.weights;
        Design::of(law, &points.observed, weights, 0.0).is_some_and(|design| {
            let spread = Spread::of(
                curves,
                &points.columns,
                points.unit,
                &points.observed,
                &design,
            );
            let e = spread.estimate(figure(law, design.parameters()), Scale::Plain, &|p| {
                figure(law, p)
            });
            e.level > 0.0 && e.upper < 0.0
        })
    };
    let below_zero =
        negative(Law::Usl, sigma) || negative(Law::Usl, kappa) || negative(Law::Amdahl, sigma);
    best > 1.0 + MISFIT && below_zero
}

/// Everything that follows from the chosen law, into `laws`.
fn describe(curves: &Curves, points: &Points, chosen: &Fit, laws: Laws) -> Laws {
    let mut laws = Laws {
        chosen: match chosen.law {
            Law::Linear => LawKind::Linear,
            Law::Amdahl => LawKind::Amdahl,
            Law::Capacity => LawKind::Capacity,
            Law::Power => LawKind::Power,
            Law::Usl => LawKind::Usl,
        },
        lambda: Some((1e9 / (chosen.r_one() * points.unit)).clamp(f64::MIN_POSITIVE, f64::MAX)),
        ..laws
    };
    if let Some(design) = points.design(chosen) {
        let spread = Spread::of(
            curves,
            &points.columns,
            points.unit,
            &points.observed,
            &design,
        );
        parameters(&mut laws, chosen, &spread);
        laws.curve = curve(curves.mode(), points, chosen, &spread);
    }
    let foreseen = FORESIGHT * f64::from(points.largest());
    what_follows(&mut laws, points.largest());
    laws.sentence = words::law(&laws, foreseen, points.one().is_some(), curves);
    laws
}

fn parameters(laws: &mut Laws, chosen: &Fit, spread: &Spread<'_>) {
    let law = chosen.law;
    match law {
        Law::Linear => {}
        Law::Amdahl | Law::Usl => {
            let e = spread.estimate(chosen.sigma(), Scale::Plain, &|p| sigma(law, p));
            // A share, unless each thread adds more than a whole call.
            let most = if e.estimate <= 1.0 { 1.0 } else { f64::MAX };
            laws.sigma = Some(within(e, most));
        }
        Law::Capacity => {
            let capacity = chosen.capacity().ln();
            let figure = |p: &[f64; 3]| (p[0] / p[1]).ln();
            laws.capacity = Some(spread.estimate(capacity, Scale::Log, &figure));
        }
        Law::Power => {
            let exponent = 1.0 - chosen.parameters[1];
            laws.exponent = Some(spread.estimate(exponent, Scale::Plain, &|p| 1.0 - p[1]));
        }
    }
    if law == Law::Usl {
        let e = spread.estimate(chosen.kappa(), Scale::Plain, &|p| kappa(law, p));
        laws.kappa = Some(within(e, f64::MAX));
    }
}

/// Peak and asymptote, only where the intervals support them.
fn what_follows(laws: &mut Laws, largest: u32) {
    let supported = words::is_shown;
    let (Some(lambda), Some(sigma)) = (laws.lambda, laws.sigma) else {
        return;
    };
    let usl = Usl {
        lambda,
        sigma: sigma.estimate,
        kappa: laws.kappa.map_or(0.0, |k| k.estimate),
    };
    if laws.kappa.as_ref().is_some_and(supported) {
        let peak = usl.peak_threads();
        laws.peak_threads = peak.filter(|&peak| peak <= FORESIGHT * f64::from(largest));
    } else if laws.kappa.is_none() && supported(&sigma) {
        let in_sight = sigma.lower * LIMIT_IN_SIGHT * f64::from(largest) >= 1.0;
        laws.asymptote_per_s = usl.asymptote().filter(|x| in_sight && x.is_finite());
    }
}

/// The fitted curve with its band: at the measured thread counts and four times for each doubling between.
fn curve(mode: Mode, points: &Points, chosen: &Fit, spread: &Spread<'_>) -> Vec<CurvePoint> {
    let end = FORESIGHT * f64::from(points.largest());
    let mut grid: Vec<f64> = (0..)
        .map(|quarter| (f64::from(quarter) / 4.0).exp2())
        .take_while(|&n| n < end)
        .chain(points.observed.threads.iter().copied())
        .chain([end, chosen.capacity()])
        .filter(|&n| n <= end)
        .collect();
    sort::numbers(&mut grid);
    grid.dedup_by(|a, b| *a - *b < 1e-9 * *b);
    let at = |&threads: &f64| {
        let callers = match mode {
            Mode::Parallel => threads,
            Mode::Concurrent | Mode::Load => 1.0,
        };
        let unit = points.unit / callers;
        let law = chosen.law;
        let latency = (chosen.r(threads) * unit).ln();
        let growth = (chosen.r_one() / chosen.r(threads)).ln();
        CurvePoint {
            threads,
            latency_ns: spread.estimate(latency, Scale::Log, &|p| {
                (law.predict(p, threads) * unit).ln()
            }),
            efficiency: spread.estimate(growth, Scale::Log, &|p| {
                law.predict(p, 1.0).ln() - law.predict(p, threads).ln()
            }),
        }
    };
    grid.iter().map(at).collect()
}
