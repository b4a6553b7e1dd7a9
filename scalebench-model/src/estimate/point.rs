//! The figures at each thread count.

use super::curves::Curves;
use super::replicas::Scale;
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
///     id: "example".into(), mode: Mode::Concurrent, axis: Default::default(), workers: None, threads_per_process: None, location: Default::default(), parameters: vec![], work: None,
///     group: None,
///     threads: vec![1, 2], reference_only: false, expectations: vec![], status: Status::Ok, failure: None, window_ns: 0.0, chunk_calls: 0, load: None,
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
    let latency_ns = curves.estimate(&[column], Scale::Log, &|c| c[column].ln())?;
    // ln(L(1)/L(N)) is the efficiency of concurrent callers and the speedup of a parallel call.
    let ratio = first.and_then(|one| {
        curves.estimate(&[one, column], Scale::Log, &|c| {
            c[one].ln() - c[column].ln()
        })
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
        .and_then(|one| curves.estimate(&[one, column], Scale::Plain, &|c| c[column] - c[one]));
    Some(PointEstimate {
        threads,
        latency_ns,
        throughput_per_s: inverted(latency_ns, callers * 1e9),
        efficiency,
        speedup,
        surcharge_ns,
    })
}

/// An estimate times a positive factor.
pub(crate) fn scaled(e: Estimate, factor: f64) -> Estimate {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{BenchmarkRecord, LaunchRecord, Sample};
    use crate::estimate::Clock;
    use crate::simulate::{Simulation, Truth};

    /// Points of a record whose samples, by thread count, have so many callers and this latency.
    fn of(samples: &[(u32, f64, f64)]) -> Vec<PointEstimate> {
        let sample = |&(threads, callers, latency_ns): &(u32, f64, f64)| Sample {
            callers: Some(callers),
            calls: callers,
            counted_calls: callers,
            ..Sample::from_latency(Mode::Concurrent, 0, threads, latency_ns)
        };
        let truth = Truth::Usl(crate::laws::Usl {
            lambda: 1e6,
            sigma: 0.0,
            kappa: 0.0,
        });
        let record = BenchmarkRecord {
            launches: vec![LaunchRecord {
                samples: samples.iter().map(sample).collect(),
                ..LaunchRecord::default()
            }],
            ..Simulation::new("role", truth, &[1]).record()
        };
        points(&Curves::central_only(&record, Clock::Counted))
    }

    #[test]
    fn a_roles_throughput_is_that_of_its_own_threads() {
        let points = of(&[(1, 1.0, 100.0), (4, 3.0, 150.0)]);
        assert!((points[1].latency_ns.estimate - 150.0).abs() < 1e-9);
        assert!((points[1].throughput_per_s.estimate - 3e9 / 150.0).abs() < 1e-3);
        let efficiency = points[1].efficiency.expect("known").estimate;
        assert!((efficiency - 100.0 / 150.0).abs() < 1e-12, "{efficiency}");
        let speedup = points[1].speedup.expect("known").estimate;
        assert!((speedup - 3.0 * 100.0 / 150.0).abs() < 1e-9, "{speedup}");
    }

    #[test]
    fn an_operations_throughput_goes_with_the_threads_that_it_keeps_busy() {
        // Half a thread of 1 and one of 2: twice the calls at the same latency.
        let points = of(&[(1, 0.25, 80.0), (1, 0.75, 80.0), (2, 1.0, 80.0)]);
        assert!((points[0].throughput_per_s.estimate - 0.5e9 / 80.0).abs() < 1e-3);
        let speedup = points[1].speedup.expect("known").estimate;
        assert!((speedup - 2.0).abs() < 1e-9, "{speedup}");
    }
}
