//! How long a launch takes, before one was measured.

use super::ladder::Ladder;
use super::sizing::Sizing;
use crate::planner::BenchmarkPlan;

/// About how long a launch of one side takes, ns: the closed loop of calls that take next to no time, and in load mode the
/// ladder of a service that is neither fast nor slow.
pub(super) fn launch_ns(plan: &BenchmarkPlan) -> f64 {
    let sizing = Sizing::of_short_calls(plan);
    let windows = f64::from(sizing.rounds) * plan.windows_a_round() as f64;
    let load = plan.load.as_ref();
    let ladder_ns = load.map(|settings| Ladder::usual(settings, plan.launches).time_ns());
    windows * sizing.window_ns as f64 + ladder_ns.unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use scalebench_model::data::{Host, Mode};

    use super::*;
    use crate::options::Options;
    use crate::planner;
    use crate::protocol::BenchmarkInfo;

    #[test]
    fn a_ladder_weighs_as_much_as_the_time_that_it_gets() {
        let of = |mode| {
            let host = Host {
                cpus: 2,
                physical_cores: 2,
                ..Host::default()
            };
            let info = BenchmarkInfo {
                mode,
                ..BenchmarkInfo::plain("x")
            };
            let plan = planner::plan(&Options::default(), &host, vec![info], Vec::new());
            launch_ns(&plan.benchmarks[0])
        };
        // 10 rounds of 10 ms at both thread counts.
        assert_eq!(of(Mode::Concurrent), 0.2e9);
        // A launch of the ladder has a fifth of 51 s.
        let ladder = of(Mode::Load);
        assert!((10e9..10.5e9).contains(&ladder), "{ladder}");
    }
}
