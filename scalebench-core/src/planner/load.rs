//! What a benchmark gets in load mode.

use scalebench_model::data::{Axis, Host, LoadPlan, Mode, Plan, Preset};

use super::BenchmarkPlan;
use crate::options::{LoadOptions, Options};
use crate::protocol::BenchmarkInfo;

/// The ladder of a benchmark in load mode, as far as it is known before anything is measured.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LoadSettings {
    /// What goes into the record, but for the window.
    pub(crate) plan: LoadPlan,
    /// One rate in place of the ladder, arrivals a second.
    pub(crate) rate_per_s: Option<f64>,
    /// The length of a window, where asked for, ns.
    pub(crate) window_ns: Option<f64>,
    /// The most windows at each rate in a launch.
    pub(crate) rounds: u32,
    /// Budget of the ladder for all launches together, ns.
    pub(crate) max_time_ns: f64,
    /// What the arrivals are drawn from.
    pub(crate) seed: u64,
}

/// Callers of a plain function, unless asked for: enough that waits inside a call leave others free to begin.
const LEAST_THREADS: u32 = 16;
const THREADS_A_CPU: u32 = 4;

/// Callers of an async function, unless asked for: tasks that wait cost next to nothing.
const TASKS: u32 = 64;

/// The closed loop, from which the ladder is made, gets so much of the time …
const CLOSED_SHARE: f64 = 0.15;

/// … and no more rounds than this.
const CLOSED_ROUNDS: u32 = 5;

/// The length of the window of one rate, unless asked for, ns.
const ONE_RATE_NS: f64 = 1e10;

/// The time budget of a preset: a p99 at a dozen rates takes longer than a closed loop at a few thread counts.
fn max_time_ns(preset: Preset) -> f64 {
    match preset {
        Preset::Quick => 20e9,
        Preset::Ci => 120e9,
        Preset::Default | Preset::External => 60e9,
    }
}

/// How many calls may run at a time. The command line overrides the attribute.
///
/// The thread counts of a benchmark that was not made for load mode are those of its closed loop: a pool of the largest
/// might be what limits it.
fn callers(options: &Options, host: &Host, info: &BenchmarkInfo) -> u32 {
    let (asked, usual) = match info.axis {
        Axis::Threads | Axis::Processes | Axis::Callers => (
            &options.threads,
            LEAST_THREADS.max(host.cpus.saturating_mul(THREADS_A_CPU)),
        ),
        Axis::Tasks => (&options.tasks, TASKS),
    };
    let most = |counts: &Vec<u32>| counts.iter().copied().max();
    let written = info.threads.as_ref().and_then(most);
    asked
        .as_ref()
        .and_then(most)
        .or(written.map(|written| {
            if info.loadable {
                written.max(usual)
            } else {
                written
            }
        }))
        .unwrap_or(usual)
        .max(1)
}

/// Turns the plan of a benchmark in load mode from a sweep into a closed loop at both ends and a ladder.
pub(super) fn settle(benchmark: &mut BenchmarkPlan, options: &Options, host: &Host, plan: &Plan) {
    if benchmark.info.mode != Mode::Load {
        return;
    }
    let LoadOptions {
        rate_per_s,
        time,
        schedule,
        call_timeout,
        knee_factor,
    } = options.load;
    let callers = callers(options, host, &benchmark.info);
    let asked = options.max_time.is_some() || benchmark.info.max_time_ns.is_some();
    let all_ns = if asked {
        benchmark.max_time_ns
    } else {
        max_time_ns(plan.preset)
    };
    let time_ns = time.map(|time| time.as_nanos() as f64);
    let window_ns = benchmark.window_ns.take().map(|window| window as f64);
    let one = rate_per_s.is_some();
    let window_ns = time_ns.or(window_ns).or(one.then_some(ONE_RATE_NS));
    benchmark.load = Some(LoadSettings {
        plan: LoadPlan {
            schedule,
            callers,
            timeout_ns: call_timeout.map(|timeout| timeout.as_nanos() as f64),
            window_ns: window_ns.unwrap_or(0.0),
            knee_factor,
        },
        rate_per_s,
        window_ns,
        rounds: if one { 1 } else { benchmark.rounds },
        max_time_ns: (1.0 - CLOSED_SHARE) * all_ns,
        seed: options.seed,
    });
    benchmark.threads = vec![1, callers];
    benchmark.threads.dedup();
    benchmark.rounds = benchmark.rounds.min(CLOSED_ROUNDS);
    benchmark.max_time_ns = CLOSED_SHARE * all_ns;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planner::plan;

    fn host() -> Host {
        Host {
            cpus: 2,
            ..Host::default()
        }
    }

    fn info(threads: Option<Vec<u32>>) -> BenchmarkInfo {
        BenchmarkInfo {
            mode: Mode::Load,
            threads,
            ..BenchmarkInfo::plain("x")
        }
    }

    fn settled(options: &Options, info: BenchmarkInfo) -> BenchmarkPlan {
        plan(options, &host(), vec![info], Vec::new())
            .benchmarks
            .remove(0)
    }

    #[test]
    fn the_closed_loop_is_measured_at_both_ends() {
        let settled = settled(&Options::default(), info(None));
        assert_eq!(settled.threads, [1, 16]);
        let load = settled.load.expect("a ladder");
        assert_eq!((load.plan.callers, load.rounds), (16, 10));
        assert!((load.max_time_ns + settled.max_time_ns - 60e9).abs() < 1.0);
    }

    #[test]
    fn callers_are_those_asked_for_or_enough() {
        let of = |threads: Option<Vec<u32>>, info: BenchmarkInfo| {
            let options = Options {
                threads,
                ..Options::default()
            };
            settled(&options, info).threads
        };
        assert_eq!(of(None, info(Some(vec![4]))), [1, 4]);
        assert_eq!(of(Some(vec![1, 8]), info(Some(vec![4]))), [1, 8]);
        assert_eq!(of(Some(vec![1]), info(None)), [1]);
        // Made for a sweep, and measured under load because it was asked for.
        let sweep = |threads| BenchmarkInfo {
            loadable: true,
            ..info(Some(threads))
        };
        assert_eq!(of(None, sweep(vec![1, 2])), [1, 16]);
        assert_eq!(of(None, sweep(vec![1, 64])), [1, 64]);
        let tasks = BenchmarkInfo {
            axis: Axis::Tasks,
            ..info(None)
        };
        assert_eq!(of(Some(vec![3]), tasks), [1, 64]);
    }

    #[test]
    fn one_rate_has_one_window_a_launch() {
        let options = Options {
            load: LoadOptions {
                rate_per_s: Some(5_000.0),
                ..LoadOptions::default()
            },
            ..Options::default()
        };
        let load = settled(&options, info(None)).load.expect("a ladder");
        assert_eq!((load.rounds, load.window_ns), (1, Some(1e10)));
    }
}
