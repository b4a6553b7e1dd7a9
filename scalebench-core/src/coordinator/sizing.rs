//! How long a window is and how many rounds fit the budget, by what a call takes.

use crate::planner::BenchmarkPlan;

/// What the first launch found out; the others keep to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sizing {
    pub(crate) window_ns: u64,
    pub(crate) chunk_calls: u64,
    pub(crate) call_ns: f64,
    pub(crate) rounds: u32,
    /// What timing a call by itself costs, where every call is, ns.
    pub(crate) timing_ns: Option<f64>,
}

/// What a worker found out about a call; of a group, about its slowest function's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sized {
    pub(super) call_ns: f64,
    pub(super) chunk_calls: u64,
    pub(super) timing_ns: Option<f64>,
}

/// A window is never shorter, ns, unless the budget or the attribute says so.
const LEAST_WINDOW_NS: f64 = 1e7;

/// A window holds at least so many calls at N = 1, budget permitting.
const ENOUGH_CALLS: f64 = 10.0;

/// The same before a ladder, whose rates are shares of what few windows tell of calls that may be of unequal length.
const ENOUGH_BEFORE_LOAD: f64 = 200.0;

/// Fewer rounds than this say nothing about their spread.
const LEAST_ROUNDS: u32 = 3;

/// From so many launches on, intervals stand on the launches, and rounds need no spread of their own.
const ENOUGH_LAUNCHES: u32 = 3;

impl Sizing {
    /// What calls get that take next to no time: a first guess, before one was sized.
    pub(super) fn of_short_calls(plan: &BenchmarkPlan) -> Self {
        let sized = Sized {
            call_ns: 0.0,
            chunk_calls: 1,
            timing_ns: None,
        };
        Self::new(plan, sized)
    }

    /// The window that `call_ns` asks for, within the budget: first the window gives way, then the rounds.
    pub(super) fn new(plan: &BenchmarkPlan, sized: Sized) -> Self {
        let call_ns = sized.call_ns;
        let windows = f64::from(plan.rounds) * windows_a_launch_and_round(plan);
        let enough = match plan.load {
            Some(_) => ENOUGH_BEFORE_LOAD,
            None => ENOUGH_CALLS,
        };
        let wanted = plan
            .window_ns
            .map_or((enough * call_ns).max(LEAST_WINDOW_NS), |window| {
                window as f64
            });
        let affordable = plan.max_time_ns / windows;
        let window_ns = if plan.window_ns.is_some() {
            wanted
        } else {
            wanted.min(affordable.max(2.0 * call_ns))
        };
        Self {
            window_ns: window_ns.max(1.0) as u64,
            chunk_calls: sized.chunk_calls,
            call_ns,
            rounds: fitting_rounds(plan, window_ns),
            timing_ns: sized.timing_ns,
        }
    }

    /// The same after a call that took `longest_ns`: windows hold many even of those, unless their length was asked for.
    pub(super) fn with_longest(self, plan: &BenchmarkPlan, longest_ns: f64) -> Self {
        let wanted = ENOUGH_CALLS * longest_ns;
        let affordable =
            plan.max_time_ns / (f64::from(LEAST_ROUNDS) * windows_a_launch_and_round(plan));
        let window_ns = wanted.min(affordable);
        if plan.window_ns.is_some() || window_ns <= self.window_ns as f64 {
            return self;
        }
        Self {
            window_ns: window_ns as u64,
            rounds: fitting_rounds(plan, window_ns).min(self.rounds),
            ..self
        }
    }

    /// So many rounds are measured whatever they take.
    pub(super) fn least_rounds(plan: &BenchmarkPlan) -> u32 {
        match plan.launches >= ENOUGH_LAUNCHES {
            true => 1,
            false => LEAST_ROUNDS,
        }
    }
}

/// Windows of all launches, of one round in each.
fn windows_a_launch_and_round(plan: &BenchmarkPlan) -> f64 {
    f64::from(plan.launches) * plan.windows_a_round() as f64
}

fn fitting_rounds(plan: &BenchmarkPlan, window_ns: f64) -> u32 {
    let fitting = plan.max_time_ns / (window_ns * windows_a_launch_and_round(plan));
    (fitting as u32).clamp(LEAST_ROUNDS.min(plan.rounds), plan.rounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(launches: u32, rounds: u32, counts: usize, max_time_s: f64) -> BenchmarkPlan {
        BenchmarkPlan {
            launches,
            most_launches: launches,
            rounds,
            max_time_ns: max_time_s * 1e9,
            ..BenchmarkPlan::plain((1..=counts as u32).collect())
        }
    }

    fn sizing_of(plan: &BenchmarkPlan, call_ns: f64, chunk_calls: u64) -> Sizing {
        Sizing::new(
            plan,
            Sized {
                call_ns,
                chunk_calls,
                timing_ns: None,
            },
        )
    }

    #[test]
    fn short_calls_get_ten_milliseconds() {
        let sizing = sizing_of(&plan(5, 10, 2, 10.0), 5.0, 4000);
        assert_eq!((sizing.window_ns, sizing.rounds), (10_000_000, 10));
    }

    #[test]
    fn longer_calls_get_ten_of_them() {
        assert_eq!(
            sizing_of(&plan(5, 10, 2, 10.0), 2e6, 1).window_ns,
            20_000_000
        );
    }

    #[test]
    fn the_budget_takes_from_the_window_then_from_the_rounds() {
        let sizing = sizing_of(&plan(5, 10, 2, 10.0), 4e7, 1);
        assert_eq!((sizing.window_ns, sizing.rounds), (100_000_000, 10));
        let sizing = sizing_of(&plan(5, 10, 2, 10.0), 1e8, 1);
        assert_eq!((sizing.window_ns, sizing.rounds), (200_000_000, 5));
        let sizing = sizing_of(&plan(5, 10, 2, 10.0), 1e10, 1);
        assert_eq!((sizing.window_ns, sizing.rounds), (20_000_000_000, 3));
    }

    #[test]
    fn windows_hold_many_of_the_longest_calls_within_the_budget() {
        let plan = plan(5, 10, 2, 10.0);
        let short = sizing_of(&plan, 100.0, 2500);
        let after = |longest_ns| {
            let sizing = short.with_longest(&plan, longest_ns);
            (sizing.window_ns, sizing.rounds)
        };
        assert_eq!(after(250_000.0), (10_000_000, 10));
        assert_eq!(after(20e6), (200_000_000, 5));
        assert_eq!(after(1e9), (333_333_333, 3));
        let asked = BenchmarkPlan {
            window_ns: Some(10_000_000),
            ..plan.clone()
        };
        assert_eq!(short.with_longest(&asked, 20e6), short);
    }
}
