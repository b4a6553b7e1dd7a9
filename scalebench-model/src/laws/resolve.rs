//! What the points of a benchmark say about its law, and what they cannot carry.

use super::design::Design;
use super::fit::{Fit, Law, MISFIT, Observed, Selection, kappa, select, sigma};
use super::formula::Usl;
use super::spread::{Spread, r_of};
use super::words;
use crate::data::{GroupKind, Mode};
use crate::estimate::{Basis, Curves, Scale};
use crate::report::{CurvePoint, Estimate, KarpFlatt, LawKind, Laws};
use crate::sort;

/// So many thread counts a law needs …
const LEAST_POINTS: usize = 4;
/// … and one at least as large as this.
const LEAST_THREADS: u32 = 8;
/// Where values were not repeated, a typical miss above this means that no law describes the curve.
const MUCH_MISSED: f64 = 0.10;
/// A curve says nothing beyond this many times its largest thread count.
const FORESIGHT: f64 = 2.0;

/// The law of a benchmark; `None` where nothing was measured.
///
/// Only the thread counts in `counted` take part. `cpus` (0: unknown) decides what the sentence recommends.
#[must_use]
pub fn laws(curves: &Curves, counted: &[u32], cpus: u32) -> Option<Laws> {
    let points = Points::of(curves, counted)?;
    let karp_flatt = karp_flatt(curves, &points);
    if points.columns.len() < LEAST_POINTS || points.largest() < LEAST_THREADS {
        return Some(Laws {
            sentence: words::too_few(&points.threads, &karp_flatt, cpus, curves.axis()),
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
    let superlinear = superlinear(curves, &points, &selection);
    let misfits = match curves.basis() {
        Basis::Single => selection.typical_miss > MUCH_MISSED,
        _ => selection.misfits(),
    };
    if misfits {
        return Some(Laws {
            sentence: words::no_law(&selection, superlinear, curves.axis()),
            superlinear: superlinear.is_some(),
            karp_flatt,
            ..empty(LawKind::None)
        });
    }
    Some(describe(
        curves,
        &points,
        &selection.chosen,
        superlinear,
        karp_flatt,
    ))
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
        superlinear: false,
        peak_threads: None,
        asymptote_per_s: None,
        karp_flatt: Vec::new(),
        curve: Vec::new(),
        sentence: String::new(),
    }
}

/// The points that count.
struct Points {
    threads: Vec<u32>,
    columns: Vec<usize>,
    /// Unit of R, ns, so that numbers stay near 1 whatever the latency.
    unit: f64,
    observed: Observed,
}

impl Points {
    fn of(curves: &Curves, counted: &[u32]) -> Option<Self> {
        let mut columns: Vec<usize> = counted
            .iter()
            .filter_map(|&n| curves.column(n))
            .filter(|&c| curves.central()[c].is_finite())
            .collect();
        sort::by(&mut columns, &usize::cmp);
        columns.dedup();
        let threads: Vec<u32> = columns.iter().map(|&c| curves.threads()[c]).collect();
        let unit = curves.central()[*columns.first()?];
        let variance = |&column: &usize| {
            let error = curves.log_error(column).unwrap_or(0.0);
            (error * error + MISFIT * MISFIT).min(f64::MAX)
        };
        Some(Self {
            observed: Observed {
                threads: threads.iter().map(|&n| f64::from(n)).collect(),
                r: r_of(curves, curves.central(), &columns, unit),
                variance: columns.iter().map(variance).collect(),
            },
            threads,
            columns,
            unit,
        })
    }

    fn largest(&self) -> u32 {
        self.threads.last().copied().unwrap_or(0)
    }

    /// Chooses a law. Where values were not repeated, the best law's residuals stand for the noise.
    fn select(&self, curves: &Curves) -> Option<Selection> {
        let first = select(&self.observed)?;
        if curves.basis() != Basis::Single {
            return Some(first);
        }
        let mut observed = self.observed.clone();
        let noise = first.least_variance.max(1.0);
        for variance in &mut observed.variance {
            *variance *= noise;
        }
        select(&observed)
    }

    /// R(1) where it was measured.
    fn one(&self) -> Option<usize> {
        (self.threads.first() == Some(&1)).then(|| self.columns[0])
    }
}

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
        Some(KarpFlatt {
            threads,
            serial_fraction,
        })
    };
    let above_one = points.threads.iter().zip(&points.columns).skip(1);
    above_one.filter_map(fraction).collect()
}

/// Where efficiency is highest above 1, if a parameter that is not clamped lies below 0 with its whole interval.
///
/// A negative κ beside a positive σ alone is not superlinear: it only says that latency grows ever more slowly. So the
/// curve itself must rise above an efficiency of 1 too, by more than any law may miss.
fn superlinear(curves: &Curves, points: &Points, selection: &Selection) -> Option<(u32, f64)> {
    let one = points.one()?;
    let central = curves.central();
    let efficiency = |(&threads, &column): (&u32, &usize)| {
        let r = r_of(curves, central, &[column], 1.0)[0];
        (threads, central[one] / r)
    };
    let best = points
        .threads
        .iter()
        .zip(&points.columns)
        .map(efficiency)
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    let negative = |law: Law, figure: fn(Law, &[f64; 3]) -> f64| {
        let weights = &selection.weights;
        Design::of(law, &points.observed, weights).is_some_and(|design| {
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
    (best.1 > 1.0 + MISFIT && below_zero).then_some(best)
}

/// Everything that follows from the chosen law.
fn describe(
    curves: &Curves,
    points: &Points,
    chosen: &Fit,
    superlinear: Option<(u32, f64)>,
    karp_flatt: Vec<KarpFlatt>,
) -> Laws {
    let mut laws = Laws {
        lambda: Some((1e9 / (chosen.r_one() * points.unit)).clamp(f64::MIN_POSITIVE, f64::MAX)),
        superlinear: superlinear.is_some(),
        karp_flatt,
        ..empty(match chosen.law {
            Law::Linear => LawKind::Linear,
            Law::Amdahl => LawKind::Amdahl,
            Law::Power => LawKind::Power,
            Law::Usl => LawKind::Usl,
        })
    };
    if let Some(design) = Design::of(chosen.law, &points.observed, &chosen.weights) {
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
    what_follows(&mut laws, foreseen);
    laws.sentence = words::law(&laws, foreseen, superlinear, curves);
    laws
}

fn parameters(laws: &mut Laws, chosen: &Fit, spread: &Spread<'_>) {
    let law = chosen.law;
    let not_negative = |e: Estimate| Estimate {
        lower: e.lower.max(0.0),
        upper: e.upper.max(0.0),
        ..e
    };
    if matches!(law, Law::Amdahl | Law::Usl) {
        let e = spread.estimate(chosen.sigma(), Scale::Plain, &|p| sigma(law, p));
        laws.sigma = Some(not_negative(e));
    }
    if law == Law::Usl {
        let e = spread.estimate(chosen.kappa(), Scale::Plain, &|p| kappa(law, p));
        laws.kappa = Some(not_negative(e));
    }
    if law == Law::Power {
        let exponent = 1.0 - chosen.parameters[1];
        laws.exponent = Some(spread.estimate(exponent, Scale::Plain, &|p| 1.0 - p[1]));
    }
}

/// Peak and asymptote, only where the intervals support them.
fn what_follows(laws: &mut Laws, foreseen: f64) {
    let supported = |e: &Estimate| e.level > 0.0 && e.lower > 0.0;
    let (Some(lambda), Some(sigma)) = (laws.lambda, laws.sigma) else {
        return;
    };
    let usl = Usl {
        lambda,
        sigma: sigma.estimate,
        kappa: laws.kappa.map_or(0.0, |k| k.estimate),
    };
    if laws.kappa.as_ref().is_some_and(supported) {
        laws.peak_threads = usl.peak_threads().filter(|&peak| peak <= foreseen);
    } else if laws.kappa.is_none() && supported(&sigma) {
        laws.asymptote_per_s = usl.asymptote().filter(|x| x.is_finite());
    }
}

/// The fitted curve with its band: at the measured thread counts and four times for each doubling between.
fn curve(mode: Mode, points: &Points, chosen: &Fit, spread: &Spread<'_>) -> Vec<CurvePoint> {
    let end = FORESIGHT * f64::from(points.largest());
    let mut grid: Vec<f64> = (0..)
        .map(|quarter| (f64::from(quarter) / 4.0).exp2())
        .take_while(|&n| n < end)
        .chain(points.observed.threads.iter().copied())
        .chain([end])
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
