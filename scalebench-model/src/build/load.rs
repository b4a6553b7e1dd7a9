//! Load mode: the points of the report, the knee, and what there is to say about it.

use crate::data::{BenchmarkRecord, LoadPlan, LoadSample};
use crate::estimate::{Basis, LoadCurves, Rate, Scale, is_of, lost};
use crate::report::{Estimate, Flag, LoadPoint, Point, Responses};
use crate::stats::median;
use crate::words::{number, rate, rate_estimate, time};

/// More calls lost than this, as a share, and a point is flagged: p99 is then unknown.
const FEW_LOST: f64 = 0.01;

/// What load mode adds to a benchmark.
pub(super) struct Loaded {
    pub(super) points: Vec<LoadPoint>,
    pub(super) unloaded: Option<Estimate>,
    pub(super) knee: Option<Estimate>,
    pub(super) closed_loop: Option<Estimate>,
    pub(super) sentence: String,
}

impl Loaded {
    /// `closed` are the points of the closed loop: one caller, and all callers.
    pub(super) fn of(
        record: &BenchmarkRecord,
        plan: &LoadPlan,
        curves: &LoadCurves,
        closed: &[Point],
    ) -> Self {
        let unloaded = closed
            .iter()
            .find(|p| p.threads == 1 && p.counted)
            .map(|p| p.latency_ns);
        let all = closed
            .iter()
            .find(|p| p.threads == plan.callers && p.counted);
        let rates = curves.rates().iter().enumerate();
        let points: Vec<LoadPoint> = rates
            .filter_map(|(place, rate)| point(record, curves, place, rate))
            .collect();
        let knee = unloaded.and_then(|_| curves.knee());
        Self {
            sentence: sentence(curves, &points, unloaded.as_ref(), knee.as_ref()),
            closed_loop: all.map(|p| p.throughput_per_s),
            points,
            unloaded,
            knee,
        }
    }
}

/// The point at a rate; `None` where no window saw an arrival.
fn point(
    record: &BenchmarkRecord,
    curves: &LoadCurves,
    place: usize,
    rate: &Rate,
) -> Option<LoadPoint> {
    let all = record.launches.iter().flat_map(|launch| &launch.load);
    let samples: Vec<&LoadSample> = all.filter(|sample| is_of(sample, rate)).collect();
    let sum = |part: fn(&LoadSample) -> u64| samples.iter().map(|s| part(s)).sum::<u64>();
    let middle = |part: fn(&LoadSample) -> f64| {
        let values: Vec<f64> = samples.iter().map(|s| part(s)).collect();
        median(&values).filter(|v| v.is_finite()).unwrap_or(0.0)
    };
    let arrivals = sum(|s| s.arrivals);
    if arrivals == 0 {
        return None;
    }
    let flags = [
        (Flag::GeneratorLate, samples.iter().any(|s| !s.kept_up)),
        (Flag::FewCalls, rate.few_calls()),
        (
            Flag::CallsLost,
            sum(lost) as f64 > FEW_LOST * arrivals as f64,
        ),
        (
            Flag::WithinOneProcess,
            matches!(curves.basis(), Basis::Rounds(_)),
        ),
    ];
    let [mean, p50, p90, p99, p999] = curves.responses(place);
    Some(LoadPoint {
        offered_per_s: rate.offered_per_s,
        achieved_per_s: curves.achieved_per_s(place).unwrap_or_else(|| bare(0.0)),
        response_ns: Responses {
            mean,
            p50,
            p90,
            p99,
            p999,
            max: longest(&samples),
        },
        arrivals,
        errors: sum(|s| s.errors),
        timed_out: sum(|s| s.timed_out),
        unfinished: sum(|s| s.unfinished),
        late_p99_ns: middle(|s| s.late_p99_ns),
        counted: rate.kept_up,
        flags: flags
            .into_iter()
            .filter(|(_, is_so)| *is_so)
            .map(|(flag, _)| flag)
            .collect(),
    })
}

/// The longest response; none where a call was lost, which may have taken longer.
fn longest(samples: &[&LoadSample]) -> Option<Estimate> {
    if samples.iter().any(|s| lost(s) > 0) {
        return None;
    }
    samples
        .iter()
        .filter_map(|s| s.response.as_ref())
        .map(|r| r.max_ns)
        .filter(|v| v.is_finite())
        .reduce(f64::max)
        .map(bare)
}

fn bare(figure: f64) -> Estimate {
    Estimate::between(figure, figure, figure, 0.0, Scale::Plain)
}

/// The knee in words, or why there is none.
fn sentence(
    curves: &LoadCurves,
    points: &[LoadPoint],
    unloaded: Option<&Estimate>,
    knee: Option<&Estimate>,
) -> String {
    let Some(unloaded) = unloaded else {
        return "No knee without the unloaded latency, which was not measured.".to_owned();
    };
    let alone = time(unloaded.estimate);
    let factor = number(curves.knee_factor());
    if let Some(knee) = knee {
        return format!(
            "Up to {}, the knee, 99 of 100 calls end within {factor} times the unloaded {alone}.",
            rate_estimate(knee)
        );
    }
    let judged = |p: &&LoadPoint| p.counted && !p.flags.contains(&Flag::FewCalls);
    let beside = |p: &LoadPoint, which: &str| {
        let at = rate(p.offered_per_s);
        match &p.response_ns.p99 {
            Some(p99) => format!(
                "at {at}, {which}, 99 of 100 calls end within {}, {} times the unloaded {alone}",
                time(p99.estimate),
                number(p99.estimate / unloaded.estimate)
            ),
            None => format!("at {at}, {which}, more than 1 of 100 calls did not end well"),
        }
    };
    match (curves.knees(), points.iter().rfind(judged)) {
        ([0, (1..), 0], Some(highest)) => {
            let beside = beside(highest, "the highest rate that counts");
            format!("The knee was not reached: {beside}.")
        }
        ([0, 0, (1..)], _) => {
            let lowest = points.iter().find(judged).map(|p| beside(p, "the lowest rate that counts"));
            let beside = lowest.unwrap_or_default();
            format!("The knee lies below all rates: already {beside}.")
        }
        ([at, above, below], Some(_)) if at + above + below > 0 => format!(
            "No figure for the knee: only {at} of {} launches found one between two rates.",
            at + above + below
        ),
        _ => "No knee: no rate had enough calls for a p99 (100 in a window), or the generator kept up at none."
            .to_owned(),
    }
}
