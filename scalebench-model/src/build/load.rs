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
        let about_knee = about_knee(curves, &points, unloaded.as_ref(), knee.as_ref());
        let most = most(plan, closed);
        let overload = most.and_then(|most| overload(&points, most, plan.callers));
        Self {
            sentence: [Some(about_knee), overload]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" "),
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

/// What all callers got done at most, also where they are more than the CPUs, which is what limits them then.
fn most<'a>(plan: &LoadPlan, closed: &'a [Point]) -> Option<&'a Estimate> {
    let all = closed.iter().find(|p| p.threads == plan.callers)?;
    (!all.flags.contains(&Flag::NotMeasured)).then_some(&all.throughput_per_s)
}

/// What to know where no rate could be carried: then a response time tells how long the window was. A ladder has only its last
/// rate there.
fn overload(points: &[LoadPoint], most: &Estimate, callers: u32) -> Option<String> {
    let lowest = points.first()?.offered_per_s;
    (lowest > most.upper).then(|| {
        format!(
            "{} is more than the {} that {callers} callers carry at most: the backlog grew all the time, and response times \
             with it.",
            rate(lowest),
            rate(most.estimate)
        )
    })
}

/// What becomes of the rates beside those that count: "2 lower rates do not count: the generator was late."
fn left_out(points: &[&LoadPoint], which: &str) -> String {
    let late = points.iter().any(|p| !p.counted);
    let few = points.iter().any(|p| p.flags.contains(&Flag::FewCalls));
    let why = match (late, few) {
        (true, false) => "the generator was late",
        (false, _) => "too few calls for a p99",
        (true, true) => "the generator was late, or too few calls for a p99",
    };
    match points.len() {
        0 => String::new(),
        1 => format!(" 1 {which} rate does not count: {why}."),
        more => format!(" {more} {which} rates do not count: {why}."),
    }
}

/// The knee in words, or why there is none.
fn about_knee(
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
    match (curves.knees(), points.iter().find(judged), points.iter().rfind(judged)) {
        ([0, (1..), 0], _, Some(highest)) => {
            let higher = points.iter().filter(|p| p.offered_per_s > highest.offered_per_s);
            let left_out = left_out(&higher.collect::<Vec<_>>(), "higher");
            let beside = beside(highest, "the highest rate that counts");
            format!("The knee was not reached: {beside}.{left_out}")
        }
        ([0, 0, (1..)], Some(lowest), _) => {
            let lower = points.iter().filter(|p| p.offered_per_s < lowest.offered_per_s);
            let left_out = left_out(&lower.collect::<Vec<_>>(), "lower");
            let place = match left_out.is_empty() && points.len() > 1 {
                true => "all rates".to_owned(),
                false => rate(lowest.offered_per_s),
            };
            let beside = beside(lowest, "the lowest rate that counts");
            format!("The knee lies below {place}: already {beside}.{left_out}")
        }
        ([at, above, below], Some(_), _) if at + above + below > 0 => format!(
            "No figure for the knee: only {at} of {} launches found one between two rates.",
            at + above + below
        ),
        _ => "No knee: no rate had enough calls for a p99 (100 in a window), or the generator kept up at none."
            .to_owned(),
    }
}
