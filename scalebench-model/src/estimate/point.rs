//! The figures at each thread count.

use super::curves::{Curves, Scale};
use crate::data::Mode;
use crate::report::Estimate;

/// The estimates at one thread count.
#[derive(Debug, Clone, PartialEq)]
pub struct PointEstimate {
    /// Thread count N.
    pub threads: u32,
    /// L(N) (parallel mode: T(N)), ns.
    pub latency_ns: Estimate,
    /// X(N), calls per second.
    pub throughput_per_s: Estimate,
    /// X(N)/(N·X(1)) (for each caller where not all threads call), where L(1) is known.
    pub efficiency: Option<Estimate>,
    /// X(N)/X(1), where L(1) is known.
    pub speedup: Option<Estimate>,
    /// L(N) − L(1), ns, where L(1) is known. Parallel calls have none: they are not in each other's company.
    pub surcharge_ns: Option<Estimate>,
}

/// The estimates at every thread count where anything usable was measured, ascending.
///
/// ```
/// use scalebench_model::data::{BenchmarkRecord, LaunchRecord, Mode, Sample, Status};
/// use scalebench_model::estimate::{Clock, Curves, points};
/// let sample = |threads, latency| Sample::from_latency(Mode::Concurrent, 0, threads, latency);
/// let record = BenchmarkRecord {
///     id: "example".into(), mode: Mode::Concurrent, axis: Default::default(), location: Default::default(), parameters: vec![], work: None,
///     group: None,
///     threads: vec![1, 2], status: Status::Ok, failure: None, window_ns: 0.0, chunk_calls: 0,
///     launches: vec![LaunchRecord { samples: vec![sample(1, 100.0), sample(2, 125.0)], ..Default::default() }],
/// };
/// let points = points(&Curves::of(&record, Clock::Counted, 0));
/// assert!((points[1].efficiency.unwrap().estimate - 0.8).abs() < 1e-12);
/// assert!((points[1].surcharge_ns.unwrap().estimate - 25.0).abs() < 1e-9);
/// ```
#[must_use]
pub fn points(curves: &Curves) -> Vec<PointEstimate> {
    let first = curves.column(1);
    curves
        .threads()
        .iter()
        .enumerate()
        .filter_map(|(column, &threads)| point(curves, column, threads, first))
        .collect()
}

fn point(
    curves: &Curves,
    column: usize,
    threads: u32,
    first: Option<usize>,
) -> Option<PointEstimate> {
    let n = f64::from(threads);
    let parallel = curves.mode() == Mode::Parallel;
    let latency_ns = curves.estimate(&[column], Scale::Log, |c| c[column].ln())?;
    // ln(L(1)/L(N)) is the efficiency of concurrent callers and the speedup of a parallel call.
    let ratio = first.and_then(|one| {
        curves.estimate(&[one, column], Scale::Log, |c| c[one].ln() - c[column].ln())
    });
    let callers = curves.callers()[column];
    let more_callers = first.map_or(n, |one| callers / curves.callers()[one]);
    let (efficiency, speedup) = match parallel {
        true => (ratio.map(|r| scaled(r, 1.0 / n)), ratio),
        // The callers' own number: a role has a part of the threads only.
        false => (ratio, ratio.map(|r| scaled(r, more_callers))),
    };
    let surcharge_ns = first
        .filter(|_| !parallel)
        .and_then(|one| curves.estimate(&[one, column], Scale::Plain, |c| c[column] - c[one]));
    Some(PointEstimate {
        threads,
        latency_ns,
        throughput_per_s: inverted(latency_ns, callers * 1e9),
        efficiency,
        speedup,
        surcharge_ns,
    })
}

fn scaled(e: Estimate, factor: f64) -> Estimate {
    let times = |v: f64| (v * factor).min(f64::MAX);
    Estimate {
        estimate: times(e.estimate),
        lower: times(e.lower),
        upper: times(e.upper),
        level: e.level,
    }
}

/// `factor`/e, which swaps the bounds.
fn inverted(e: Estimate, factor: f64) -> Estimate {
    let over = |v: f64| (factor / v).min(f64::MAX);
    Estimate {
        estimate: over(e.estimate),
        lower: over(e.upper),
        upper: over(e.lower),
        level: e.level,
    }
}
