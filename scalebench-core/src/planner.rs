//! From options and benchmarks to the plan of a run.

mod groups;
mod load;

use std::time::Duration;

use scalebench_model::data::{Axis, Grid, GroupKind, Host, Mode, Plan, Preset};
use scalebench_model::sort;

use crate::features::LOAD;
use crate::options::{Options, Selection};
use crate::protocol::BenchmarkInfo;

/// What is going to be measured.
#[derive(Debug, Clone)]
pub(crate) struct RunPlan {
    /// What goes into the record.
    pub(crate) plan: Plan,
    /// The longest wait for one reply of a worker.
    pub(crate) timeout: Duration,
    /// What each benchmark gets, sorted by id.
    pub(crate) benchmarks: Vec<BenchmarkPlan>,
    /// The same for the nulls.
    pub(crate) nulls: Vec<BenchmarkPlan>,
}

/// What one benchmark gets.
#[derive(Debug, Clone)]
pub(crate) struct BenchmarkPlan {
    pub(crate) info: BenchmarkInfo,
    /// The other functions of its group, in order, where it is one; `info` is the first.
    pub(crate) others: Vec<BenchmarkInfo>,
    /// Thread counts, ascending.
    pub(crate) threads: Vec<u32>,
    pub(crate) launches: u32,
    /// A comparison with another build goes on up to so many, until it can tell what changed.
    pub(crate) most_launches: u32,
    pub(crate) rounds: u32,
    /// The length of a window, where asked for, ns.
    pub(crate) window_ns: Option<u64>,
    /// Budget for all launches together, ns.
    pub(crate) max_time_ns: f64,
    /// In load mode the ladder; all else is then the closed loop's, from which the ladder is made.
    pub(crate) load: Option<LoadSettings>,
}

impl BenchmarkPlan {
    /// One launch of one round, for tests.
    #[cfg(test)]
    pub(crate) fn plain(threads: Vec<u32>) -> Self {
        Self {
            info: BenchmarkInfo::plain("x"),
            others: Vec::new(),
            threads,
            launches: 1,
            most_launches: 1,
            rounds: 1,
            window_ns: None,
            max_time_ns: 1e9,
            load: None,
        }
    }

    /// What is measured together: one benchmark, or all of a group.
    pub(crate) fn members(&self) -> impl Iterator<Item = &BenchmarkInfo> {
        std::iter::once(&self.info).chain(&self.others)
    }

    /// What it is called while it is measured: its id, or that of its group.
    pub(crate) fn name(&self) -> &str {
        let member = self.info.member.as_ref();
        member.map_or(&self.info.id, |member| &member.group.id)
    }

    /// The thread counts without 1 where it is only the reference.
    pub(crate) fn asked_threads(&self) -> impl Iterator<Item = u32> {
        let reference_only = self.info.reference_only;
        let counts = self.threads.iter().copied();
        counts.filter(move |&count| count > 1 || !reference_only)
    }

    /// Windows in one round.
    pub(crate) fn windows_a_round(&self) -> u64 {
        let counts = self.threads.len() as u64;
        let alone = match &self.info.member {
            Some(member) if member.group.kind == GroupKind::Roles => self.others.len() as u64,
            _ => 0,
        };
        // At one thread each role gets a window of its own.
        counts + if self.threads.contains(&1) { alone } else { 0 }
    }
}

/// What a preset stands for.
struct Defaults {
    launches: u32,
    rounds: u32,
    max_time: Duration,
}

impl Defaults {
    fn of(preset: Preset) -> Self {
        let (launches, rounds, seconds) = match preset {
            Preset::Quick => (1, 30, 4),
            Preset::Ci => (10, 10, 20),
            Preset::Default | Preset::External => (5, 10, 10),
        };
        Self {
            launches,
            rounds,
            max_time: Duration::from_secs(seconds),
        }
    }
}

pub(crate) use groups::complete;
pub(crate) use load::LoadSettings;

/// Picks the benchmarks that the filters ask for.
pub(crate) fn select(selection: &Selection, benchmarks: Vec<BenchmarkInfo>) -> Vec<BenchmarkInfo> {
    benchmarks
        .into_iter()
        .filter(|info| selection.takes(&info.id, info.ignore))
        .collect()
}

/// Plans a run of `benchmarks` with `nulls` beside them.
pub(crate) fn plan(
    options: &Options,
    host: &Host,
    benchmarks: Vec<BenchmarkInfo>,
    nulls: Vec<BenchmarkInfo>,
) -> RunPlan {
    let defaults = Defaults::of(options.preset);
    let max_time = options.max_time.unwrap_or(defaults.max_time);
    let plan = Plan {
        preset: options.preset,
        launches: options.launches.unwrap_or(defaults.launches),
        rounds: options.rounds.unwrap_or(defaults.rounds),
        max_time_ns: max_time.as_nanos() as f64,
        seed: options.seed,
        pinned: options.pin,
        in_process: options.in_process,
    };
    let plan = if plan.in_process {
        Plan {
            launches: 1,
            ..plan
        }
    } else {
        plan
    };
    let benchmarks: Vec<BenchmarkPlan> = groups::gather(benchmarks)
        .into_iter()
        .map(|(info, others)| benchmark(options, host, &plan, info, others))
        .collect();
    // The ceiling is that of a sweep: where nothing is swept, nobody asks for it.
    let swept = benchmarks.iter().any(|each| each.load.is_none());
    let nulls = nulls
        .into_iter()
        .filter(|_| swept)
        .map(|info| null(host, &plan, &benchmarks, info))
        .collect();
    RunPlan {
        plan,
        timeout: options.timeout,
        benchmarks,
        nulls,
    }
}

fn benchmark(
    options: &Options,
    host: &Host,
    plan: &Plan,
    mut info: BenchmarkInfo,
    mut others: Vec<BenchmarkInfo>,
) -> BenchmarkPlan {
    if info.axis == Axis::Tasks {
        // As a worker decides when nothing was asked for.
        info.workers.get_or_insert(host.cpus);
    }
    let mut threads = asked_counts(options, host, &info);
    let reference_only = !threads.contains(&1) && info.mode != Mode::Load;
    for member in std::iter::once(&mut info).chain(&mut others) {
        member.reference_only = reference_only;
        options.expect_more(&mut member.expectations);
    }
    // Efficiency refers to it.
    threads.push(1);
    sort::distinct(&mut threads);
    let launches = options.launches.or(info.launches).unwrap_or(plan.launches);
    let mut benchmark = BenchmarkPlan {
        threads,
        launches: if plan.in_process { 1 } else { launches },
        most_launches: 0,
        rounds: options.rounds.or(info.rounds).unwrap_or(plan.rounds),
        window_ns: options
            .window
            .map(|window| window.as_nanos() as u64)
            .or(info.window_ns),
        max_time_ns: options
            .max_time
            .map(|time| time.as_nanos() as f64)
            .or(info.max_time_ns.map(|time| time as f64))
            .unwrap_or(plan.max_time_ns),
        info,
        others,
        load: None,
    };
    if LOAD {
        load::settle(&mut benchmark, options, host, plan);
    }
    // Who says how many wants that many. A ladder of rates takes long, and its knee tells little by little.
    let is_fixed = options.launches.or(benchmark.info.launches).is_some();
    let may_go_on = !is_fixed && benchmark.launches > 1 && benchmark.load.is_none();
    benchmark.most_launches = benchmark.launches * if may_go_on { MOST_LAUNCHES } else { 1 };
    benchmark
}

/// A comparison takes at most so many times the planned launches.
const MOST_LAUNCHES: u32 = 4;

/// The counts that are measured because somebody asked for them, or by default, in no order.
fn asked_counts(options: &Options, host: &Host, info: &BenchmarkInfo) -> Vec<u32> {
    // The command line overrides the attribute, the attribute the preset.
    let asked = match info.axis {
        Axis::Threads => &options.threads,
        Axis::Tasks => &options.tasks,
        // `--threads` gives these other ids.
        Axis::Processes | Axis::Callers => &options.processes,
    };
    let mut counts = asked
        .clone()
        .or_else(|| info.threads.clone())
        .unwrap_or_else(|| default_threads(host.physical_cores, host.cpus));
    groups::fit(&mut counts, info);
    count_callers(&mut counts, info);
    counts
}

/// In a grid, makes counts of processes counts of callers.
fn count_callers(counts: &mut [u32], info: &BenchmarkInfo) {
    let Some(threads_per_process) = info.threads_per_process else {
        return;
    };
    for count in counts.iter_mut() {
        *count = Grid {
            processes: *count,
            threads_per_process,
        }
        .callers();
    }
}

/// A null takes part in every launch with a few windows; the ceiling is read at the counts that the CPUs can carry.
fn null(
    host: &Host,
    plan: &Plan,
    benchmarks: &[BenchmarkPlan],
    info: BenchmarkInfo,
) -> BenchmarkPlan {
    let mut threads = vec![1];
    let of_threads = |each: &&BenchmarkPlan| each.info.axis == Axis::Threads;
    for each in benchmarks.iter().filter(of_threads) {
        threads.extend(&each.threads);
    }
    threads.retain(|&count| count <= host.cpus.max(1));
    sort::distinct(&mut threads);
    let rounds = if plan.launches < 3 { 10 } else { 3 };
    BenchmarkPlan {
        info,
        others: Vec::new(),
        threads,
        launches: plan.launches,
        most_launches: plan.launches,
        rounds,
        window_ns: None,
        max_time_ns: 1e9,
        load: None,
    }
}

/// 1, 2, 3, 4, 6, 8, 12, 16 … up to the physical cores, then all logical CPUs.
fn default_threads(physical_cores: u32, cpus: u32) -> Vec<u32> {
    let mut counts: Vec<u32> = Vec::new();
    let mut power = 1_u32;
    while power <= physical_cores {
        counts.push(power);
        let between = power + power / 2;
        if between > power && between <= physical_cores {
            counts.push(between);
        }
        power *= 2;
    }
    counts.push(physical_cores);
    counts.push(cpus);
    sort::distinct(&mut counts);
    counts
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn default_thread_counts() {
        assert_eq!(default_threads(1, 1), [1]);
        assert_eq!(default_threads(2, 2), [1, 2]);
        assert_eq!(default_threads(16, 32), [1, 2, 3, 4, 6, 8, 12, 16, 32]);
        assert_eq!(default_threads(10, 20), [1, 2, 3, 4, 6, 8, 10, 20]);
    }

    #[test]
    fn who_says_how_many_launches_gets_that_many() {
        let host = Host {
            cpus: 2,
            ..Host::default()
        };
        let most = |options: &Options, info: BenchmarkInfo| {
            plan(options, &host, vec![info], Vec::new()).benchmarks[0].most_launches
        };
        let usual = Options::default();
        assert_eq!(most(&usual, BenchmarkInfo::plain("x")), 20);
        let attribute = BenchmarkInfo {
            launches: Some(7),
            ..BenchmarkInfo::plain("x")
        };
        assert_eq!(most(&usual, attribute), 7);
        let flag = Options {
            launches: Some(9),
            ..Options::default()
        };
        assert_eq!(most(&flag, BenchmarkInfo::plain("x")), 9);
        let quick = Options {
            preset: Preset::Quick,
            ..Options::default()
        };
        assert_eq!(most(&quick, BenchmarkInfo::plain("x")), 1);
    }

    #[test]
    fn a_grid_counts_callers_beside_a_single_one() {
        let of = |processes: Option<Vec<u32>>, each| {
            let options = Options {
                // In the ids by now: here they must change nothing.
                threads: Some(vec![3]),
                processes,
                ..Options::default()
            };
            let info = BenchmarkInfo {
                axis: Axis::Callers,
                threads: Some(vec![4, 1, 2]),
                threads_per_process: Some(each),
                ..BenchmarkInfo::plain("x")
            };
            let null = BenchmarkInfo::plain("null");
            let plan = plan(&options, &Host::default(), vec![info], vec![null]);
            // Nulls are threads of one process.
            assert_eq!(plan.nulls[0].threads, [1]);
            plan.benchmarks[0].threads.clone()
        };
        assert_eq!(of(None, 1), [1, 2, 4]);
        assert_eq!(of(None, 2), [1, 2, 4, 8]);
        assert_eq!(of(Some(vec![3, 3]), 2), [1, 6]);
        assert_eq!(of(Some(vec![1_000_000]), 1_000_000), [1, u32::MAX]);
    }

    #[test]
    fn one_thread_is_always_measured_and_known_for_the_reference() {
        let of = |flag: Option<Vec<u32>>, info: BenchmarkInfo| {
            let options = Options {
                threads: flag,
                ..Options::default()
            };
            let host = Host {
                cpus: 4,
                physical_cores: 4,
                ..Host::default()
            };
            let benchmark = plan(&options, &host, vec![info], Vec::new())
                .benchmarks
                .remove(0);
            let asked: Vec<u32> = benchmark.asked_threads().collect();
            (benchmark.threads, benchmark.info.reference_only, asked)
        };
        let listed = |threads: Vec<u32>| BenchmarkInfo {
            threads: Some(threads),
            ..BenchmarkInfo::plain("x")
        };
        let plain = BenchmarkInfo::plain("x");
        assert_eq!(
            of(None, plain.clone()),
            (vec![1, 2, 3, 4], false, vec![1, 2, 3, 4])
        );
        assert_eq!(of(None, listed(vec![2])), (vec![1, 2], true, vec![2]));
        assert_eq!(
            of(None, listed(vec![2, 1])),
            (vec![1, 2], false, vec![1, 2])
        );
        assert_eq!(
            of(Some(vec![8]), listed(vec![1])),
            (vec![1, 8], true, vec![8])
        );
        let load = BenchmarkInfo {
            mode: Mode::Load,
            ..listed(vec![8])
        };
        assert_eq!(of(None, load), (vec![1, 8], false, vec![1, 8]));
    }

    #[test]
    fn each_flag_varies_the_benchmarks_of_its_own_axis() {
        let options = Options {
            threads: Some(vec![2, 1]),
            tasks: Some(vec![8, 1, 8]),
            ..Options::default()
        };
        let host = Host {
            cpus: 16,
            ..Host::default()
        };
        let info = |axis: Axis| BenchmarkInfo {
            axis,
            threads: Some(vec![4]),
            ..BenchmarkInfo::plain(axis.name())
        };
        let all = vec![info(Axis::Threads), info(Axis::Tasks)];
        let plan = plan(&options, &host, all, vec![info(Axis::Threads)]);
        assert_eq!(plan.benchmarks[0].threads, [1, 2]);
        assert_eq!(plan.benchmarks[1].threads, [1, 8]);
        // Nulls are threads: 8 tasks are no reason to measure them at 8.
        assert_eq!(plan.nulls[0].threads, [1, 2]);
    }
}
