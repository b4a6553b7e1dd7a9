//! What every renderer says about a benchmark: the two headline figures, short words for law, cause, change and flags.

use super::figure;
use super::glyphs::Glyphs;
use crate::data::{Axis, Grid, Group, GroupKind, LoadPlan, Mode, Schedule, Status, Work};
use crate::report::{
    Benchmark, Change, Dominant, Estimate, Expectation, ExpectationVerdict, Flag, LawKind, Laws,
    Point, Report, Verdict,
};
use crate::words::capacity_number;

/// Whether the point's figures may be shown as figures of the code.
pub(super) fn measured(point: &Point) -> bool {
    !point.flags.contains(&Flag::NotMeasured)
        && point.latency_ns.estimate.is_finite()
        && point.latency_ns.estimate > 0.0
}

/// Whether the point was measured only because efficiency refers to it: it is shown lightly.
pub(super) fn is_reference(point: &Point) -> bool {
    point.flags.contains(&Flag::Reference)
}

/// What the intervals of the benchmarks stand on, where it is the same for all; then it need not stand at each.
pub(super) fn common_scope(report: &Report) -> Option<&str> {
    let measured = |b: &&Benchmark| !b.points.is_empty() || !b.load.is_empty();
    let points = report.benchmarks.iter().filter(measured);
    common(points.map(|b| b.scope.as_str()))
}

/// What the changes control for, where it is the same for all.
pub(super) fn common_change_scope(report: &Report) -> Option<&str> {
    let changes = report.benchmarks.iter().filter_map(|b| b.change.as_ref());
    common(changes.map(|c| c.scope.as_str()))
}

fn common<'a>(mut texts: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = texts.next()?;
    texts.all(|t| t == first).then_some(first)
}

/// `at 8`, with what is counted where it is not threads.
pub(super) fn at(point: &Point, benchmark: &Benchmark) -> String {
    match benchmark.axis {
        Axis::Threads => format!("at {}", point.threads),
        axis => format!("at {}", axis.count(point.threads)),
    }
}

/// The thread count of a point; of a role also how many of the threads are its own, and in a grid what its callers are:
/// processes by the threads in each.
pub(super) fn thread_count(point: &Point, benchmark: &Benchmark) -> String {
    let is_role = benchmark
        .group
        .as_ref()
        .is_some_and(|group| group.kind == GroupKind::Roles);
    match point.callers {
        Some(own) if is_role && point.threads > 1 => format!("{own:.0} of {}", point.threads),
        _ => point
            .grid
            .map_or_else(|| point.threads.to_string(), divided),
    }
}

/// `8 = 4x2`: callers, processes, and threads in each.
pub(super) fn divided(grid: Grid) -> String {
    let Grid {
        processes,
        threads_per_process,
    } = grid;
    format!("{} = {processes}x{threads_per_process}", grid.callers())
}

/// Which part of its group a benchmark is.
pub(super) fn share_of_group(group: &Group) -> String {
    let Group { share, of, .. } = group;
    match group.kind {
        GroupKind::Roles => format!("role: {share} of {of} threads"),
        GroupKind::Mix => format!("mix: {share} of {of} calls"),
    }
}

/// What timing every call by itself costs, where it is not little beside the shortest latency.
pub(super) fn timing(benchmark: &Benchmark, glyphs: &Glyphs) -> Option<String> {
    let timing_ns = benchmark.group.as_ref()?.timing_ns?;
    let latencies = benchmark.points.iter().filter(|p| measured(p));
    let shortest = latencies
        .map(|p| p.latency_ns.estimate)
        .fold(f64::INFINITY, f64::min);
    let is_much = timing_ns.is_finite() && timing_ns > LITTLE_TIMING * shortest;
    is_much.then(|| {
        let timing = figure::time(timing_ns, glyphs);
        format!("Every call is timed by itself, which is {timing} of its latency.")
    })
}

/// A smaller share of a latency need not be said.
const LITTLE_TIMING: f64 = 0.01;

/// The point at one thread: its latency is the single-call latency, unless the call waits in vain there.
pub(super) fn single_call(benchmark: &Benchmark) -> Option<&Point> {
    let single = |p: &&Point| p.threads == 1 && !p.flags.contains(&Flag::WaitsAlone);
    benchmark.points.iter().filter(single).find(|p| measured(p))
}

/// Single-call latency: at one thread, or unloaded in load mode.
pub(super) fn alone(benchmark: &Benchmark) -> Option<&Estimate> {
    let unloaded = benchmark.unloaded_latency_ns.as_ref();
    unloaded.or_else(|| single_call(benchmark).map(|p| &p.latency_ns))
}

/// Whether it was measured under load.
pub(super) fn under_load(benchmark: &Benchmark) -> bool {
    benchmark.load_plan.is_some()
}

/// What the second figure of the benchmarks is, as a title: under load it is the load that is carried.
pub(super) fn second_figure(report: &Report) -> &'static str {
    let any = |load| report.benchmarks.iter().any(|b| under_load(b) == load);
    match (any(true), any(false)) {
        (true, false) => "Load carried",
        (true, true) => "Efficiency, or load carried",
        (false, _) => "Efficiency",
    }
}

/// Arrivals, and how many of them may be served at a time, in words.
pub(super) fn arrivals(plan: &LoadPlan, glyphs: &Glyphs) -> Vec<String> {
    let schedule = match plan.schedule {
        Schedule::Poisson => "Poisson arrivals",
        Schedule::Constant => "arrivals at equal gaps",
    };
    let callers = match plan.callers {
        1 => "1 call at a time".to_owned(),
        n => format!("up to {n} calls at a time"),
    };
    let timeout = plan.timeout_ns.filter(|ns| ns.is_finite());
    let timeout = timeout.map(|ns| format!("calls time out after {}", figure::time(ns, glyphs)));
    [Some(schedule.to_owned()), Some(callers), timeout]
        .into_iter()
        .flatten()
        .collect()
}

/// At which response time the knee lies, ns.
pub(super) fn knee_limit(benchmark: &Benchmark) -> Option<f64> {
    let unloaded = benchmark.unloaded_latency_ns?.estimate;
    let limit = benchmark.load_plan.as_ref()?.knee_factor * unloaded;
    (limit.is_finite() && limit > 0.0).then_some(limit)
}

/// The point at the largest thread count above 1 that counts and has an efficiency; at 1 it is 100 % by definition.
pub(super) fn largest_counted(benchmark: &Benchmark) -> Option<(&Point, &Estimate)> {
    benchmark
        .points
        .iter()
        .rev()
        .filter(|p| p.threads > 1 && p.counted && measured(p))
        .find_map(|p| p.efficiency.as_ref().map(|e| (p, e)))
}

/// The lesser figure of a point with its name: throughput, in the unit of the work where that is stated; the speedup in
/// parallel mode.
pub(super) fn lesser(
    point: &Point,
    benchmark: &Benchmark,
    glyphs: &Glyphs,
) -> (String, &'static str) {
    let per_s = point.throughput_per_s.estimate;
    let throughput = |text: String| (text, "throughput");
    let work = match benchmark.work {
        Some(Work::Bytes(n)) => Some((n, "B")),
        Some(Work::Items(n)) => Some((n, "items")),
        Some(Work::BytesByInput) => point.work_per_call.map(|n| (n, "B")),
        Some(Work::ItemsByInput) => point.work_per_call.map(|n| (n, "items")),
        None => None,
    };
    match (work, benchmark.mode, &point.speedup) {
        (Some((n, unit)), ..) => throughput(figure::rate(per_s * n, unit, glyphs)),
        (None, Mode::Parallel, Some(speedup)) => {
            let speedup = figure::plain(speedup.estimate, glyphs);
            (format!("{}{speedup}", glyphs.times), "speedup")
        }
        _ => throughput(figure::rate(per_s, "", glyphs)),
    }
}

/// On how many worker threads its tasks ran, where that is known.
pub(super) fn workers(benchmark: &Benchmark) -> Option<String> {
    let words = match benchmark.workers? {
        1 => "1 worker thread".to_owned(),
        workers => format!("{workers} worker threads"),
    };
    Some(words)
}

/// What the callers of a grid are.
pub(super) fn callers(benchmark: &Benchmark) -> Option<String> {
    let threads = Axis::Threads.count(benchmark.threads_per_process?);
    Some(format!("callers = processes x {threads}"))
}

/// How the benchmark ended, in one or two words.
pub(super) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Ok => "ok",
        Status::Failed => "failed",
        Status::TimedOut => "timed out",
        Status::Skipped => "skipped",
    }
}

/// The status as in the report.
#[cfg(feature = "tools")]
pub(super) fn status_name(status: Status) -> &'static str {
    match status {
        Status::Ok => "ok",
        Status::Failed => "failed",
        Status::TimedOut => "timed_out",
        Status::Skipped => "skipped",
    }
}

/// The mode in one word.
pub(super) fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Concurrent => "concurrent",
        Mode::Parallel => "parallel",
        Mode::Load => "load",
    }
}

/// The law in a few words.
pub(super) fn law_short(laws: &Laws, glyphs: &Glyphs) -> String {
    let parameter = |name: &str, value: &Option<Estimate>| {
        value
            .as_ref()
            .filter(|e| e.estimate.is_finite() && (e.lower > 0.0 || e.level == 0.0))
            .map(|e| format!(", {name} {}", figure::short(e.estimate, glyphs)))
            .unwrap_or_default()
    };
    match laws.chosen {
        LawKind::Linear => "linear".into(),
        LawKind::Amdahl | LawKind::Power | LawKind::Usl if laws.scales_negatively() => {
            "negative scaling".into()
        }
        LawKind::Capacity => match laws.capacity.filter(|c| c.estimate.is_finite()) {
            Some(capacity) => format!("capacity of {}", capacity_number(&capacity)),
            None => "capacity".into(),
        },
        LawKind::Amdahl => format!("Amdahl{}", parameter(glyphs.sigma, &laws.sigma)),
        LawKind::Power => match &laws.exponent {
            Some(p) => format!("power, N^{}", figure::short(p.estimate, glyphs)),
            None => "power".into(),
        },
        LawKind::Usl => match laws.peak_threads.filter(|p| p.is_finite()) {
            Some(peak) => format!("USL, peak at {peak:.0}"),
            None => format!("USL{}", parameter(glyphs.kappa, &laws.kappa)),
        },
        LawKind::None => "no law fits".into(),
        LawKind::Unresolved => "too few points".into(),
    }
}

/// What grows with the threads, in a few words; `None` where nothing does.
pub(super) fn cause_short(dominant: Dominant) -> Option<&'static str> {
    match dominant {
        Dominant::Blocked => Some("blocked"),
        Dominant::OnCpu => Some("on CPU"),
        Dominant::Waiting => Some("waiting for CPUs"),
        Dominant::None => None,
    }
}

/// Which of the two factors of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Factor {
    /// Of the single-call latency.
    Performance,
    /// Of the efficiency.
    Scalability,
}

/// What became of a factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Changed for the better.
    Better,
    /// Changed for the worse.
    Worse,
    /// A small change, whether up or down.
    Small,
    /// As before.
    Same,
    /// Efficiency moved, and is neither better nor worse for it.
    Neutral,
    /// The data cannot tell.
    Unknown,
    /// There is nothing to compare.
    Absent,
}

/// One factor of a change, ready to be shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    /// Which factor.
    pub(super) factor: Factor,
    /// e^P or e^E.
    pub(super) estimate: &'a Estimate,
    /// What became of it.
    pub(super) outcome: Outcome,
    /// The verdict in one word or two, beside the name of the factor.
    pub(super) word: &'static str,
    /// Launches that would about settle an inconclusive verdict.
    pub(super) more_launches: Option<u32>,
}

impl Part<'_> {
    /// The two factors of a change: performance, then scalability.
    pub(super) fn of(change: &Change) -> [Part<'_>; 2] {
        [
            Part {
                factor: Factor::Performance,
                estimate: &change.performance,
                outcome: outcome(change.performance_verdict, &change.performance),
                word: change.performance_word(),
                more_launches: change.performance_more_launches,
            },
            Part {
                factor: Factor::Scalability,
                estimate: &change.scalability,
                outcome: match change.compares_scalability() {
                    true => outcome(change.scalability_verdict, &change.scalability),
                    false => Outcome::Absent,
                },
                word: change.scalability_word(),
                more_launches: change.scalability_more_launches,
            },
        ]
    }

    /// The factor as text, or what stands where there is none.
    pub(super) fn factor(&self, glyphs: &Glyphs) -> String {
        match self.outcome {
            Outcome::Absent => glyphs.absent.to_owned(),
            _ => figure::factor(self.estimate.estimate, glyphs),
        }
    }

    /// The same with half the interval.
    pub(super) fn factor_estimate(&self, glyphs: &Glyphs) -> String {
        match self.outcome {
            Outcome::Absent => glyphs.absent.to_owned(),
            _ => figure::factor_estimate(self.estimate, glyphs).joined(),
        }
    }

    /// `performance` or `scalability`.
    pub(super) fn name(&self) -> &'static str {
        match self.factor {
            Factor::Performance => "performance",
            Factor::Scalability => "scalability",
        }
    }

    /// The arrow on the plane: down is faster, right scales better; a sign where nothing moved for sure.
    pub(super) fn arrow(&self, glyphs: &Glyphs) -> &'static str {
        let up = self.estimate.estimate >= 1.0;
        match (self.outcome, self.factor, up) {
            (Outcome::Same, ..) => "=",
            (Outcome::Neutral, ..) => "~",
            (Outcome::Unknown | Outcome::Absent, ..) => "?",
            (_, Factor::Performance, true) => glyphs.down,
            (_, Factor::Performance, false) => glyphs.up,
            (_, Factor::Scalability, true) => glyphs.right,
            (_, Factor::Scalability, false) => glyphs.left,
        }
    }
}

fn outcome(verdict: Verdict, estimate: &Estimate) -> Outcome {
    match verdict {
        Verdict::Changed if estimate.estimate >= 1.0 => Outcome::Better,
        Verdict::Changed => Outcome::Worse,
        Verdict::Unchanged => Outcome::Same,
        Verdict::Small => Outcome::Small,
        Verdict::Inconclusive => Outcome::Unknown,
        Verdict::Neutral => Outcome::Neutral,
    }
}

/// What became of an expectation, in a word or two.
pub(super) fn expectation_word(verdict: ExpectationVerdict) -> &'static str {
    match verdict {
        ExpectationVerdict::Passed => "passed",
        ExpectationVerdict::Failed => "failed",
        ExpectationVerdict::Undecided => "undecided",
        ExpectationVerdict::NotApplicable => "not applicable",
    }
}

/// How many of these expectations ended in which way, the worst first: `1 failed, 2 passed`; `None` where there are none.
pub(super) fn expectation_counts<'a>(
    expectations: impl Iterator<Item = &'a Expectation>,
) -> Option<String> {
    let verdicts: Vec<ExpectationVerdict> = expectations.map(|each| each.verdict).collect();
    let order = [
        ExpectationVerdict::Failed,
        ExpectationVerdict::Undecided,
        ExpectationVerdict::NotApplicable,
        ExpectationVerdict::Passed,
    ];
    let counted = order.into_iter().filter_map(|verdict| {
        let number = verdicts.iter().filter(|each| **each == verdict).count();
        (number > 0).then(|| format!("{number} {}", expectation_word(verdict)))
    });
    let parts: Vec<String> = counted.collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Whether any expectation of the benchmark failed.
pub(super) fn disappoints(benchmark: &Benchmark) -> bool {
    let mut expectations = benchmark.expectations.iter();
    expectations.any(|each| each.verdict == ExpectationVerdict::Failed)
}

const DISTURBED: &str = "not measured: disturbed nearly all the time";
const BEYOND_MACHINE: &str = "not measured: more than the CPUs can do, not all threads had a turn";

/// What stands in place of the figures of a point that was not measured.
pub(super) fn why_not_measured(point: &Point) -> String {
    match point.disturbed {
        _ if point.flags.contains(&Flag::BeyondMachine) => BEYOND_MACHINE.to_owned(),
        share @ 0.5..=1.0 => format!("not measured: disturbed {:.0} % of the time", 100.0 * share),
        _ => "not measured: too few windows count".to_owned(),
    }
}

/// A flag's short mark and what it means.
pub(super) fn flag_words(flag: Flag) -> (&'static str, &'static str) {
    match flag {
        Flag::LowOverlap => ("o", "overlap below 95 %"),
        Flag::Disturbed => (
            "d",
            "other processes took CPU time; what they disturbed does not count",
        ),
        Flag::SlowPace => (
            "u",
            "a CPU ran slower for some of the time (its clock, or others beyond this system), which does not count",
        ),
        Flag::NotMeasured => ("n", DISTURBED),
        Flag::BeyondMachine => ("m", BEYOND_MACHINE),
        Flag::CpuLimited => ("c", "more threads than CPUs"),
        Flag::NearFloor => ("f", "within 3 times of an empty function"),
        Flag::SynchronisedStart => (
            "b",
            "inputs take long to make: fewer than 20 calls to each common start",
        ),
        Flag::Skewed => ("s", "mean and median differ by more than 10 %"),
        Flag::NeverSteady => ("w", "still drifting at the end of the warm-up"),
        Flag::Starved => ("!", "at least one thread got nothing done"),
        Flag::WithinOneProcess => ("1", "interval from one process only"),
        Flag::WaitsAlone => ("v", "alone the role waits in vain: no efficiency"),
        Flag::Reference => ("r", "reference: not among the counts asked for"),
        Flag::GeneratorLate => (
            "l",
            "the generator was late in some windows, which do not count",
        ),
        Flag::FewCalls => ("p", "too few calls in a window for p99"),
        Flag::CallsLost => ("x", "more than 1 % of the calls did not end well"),
    }
}

/// The flag's name as in the report.
#[cfg(feature = "tools")]
pub(super) fn flag_name(flag: Flag) -> &'static str {
    match flag {
        Flag::LowOverlap => "low_overlap",
        Flag::Disturbed => "disturbed",
        Flag::SlowPace => "slow_pace",
        Flag::NotMeasured => "not_measured",
        Flag::BeyondMachine => "beyond_machine",
        Flag::CpuLimited => "cpu_limited",
        Flag::NearFloor => "near_floor",
        Flag::SynchronisedStart => "synchronised_start",
        Flag::Skewed => "skewed",
        Flag::NeverSteady => "never_steady",
        Flag::Starved => "starved",
        Flag::WithinOneProcess => "within_one_process",
        Flag::WaitsAlone => "waits_alone",
        Flag::Reference => "reference",
        Flag::GeneratorLate => "generator_late",
        Flag::FewCalls => "few_calls",
        Flag::CallsLost => "calls_lost",
    }
}
