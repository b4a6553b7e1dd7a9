//! The pace of a CPU: how long a fixed piece of arithmetic takes on it, whatever is being measured.
//!
//! Of what slows a CPU down, the kernel sees only what it does itself. A hypervisor that runs others meanwhile without saying
//! so, a neighbour on the same physical core, and a clock that drops all slow down this arithmetic as they do the calls around
//! it. So which times were slow is known without a look at what was measured in them.
//!
//! The arithmetic must want all of a core. Steps that wait for one another leave most of it idle, and a neighbour on the other
//! hardware thread takes what is idle: it made one chain of multiplications 4 % slower, an allocation 55 %, a walk through
//! memory 40 to 70 %, and eight chains that go through memory 90 %.

use std::hint::black_box;

use super::SLICE_NS;
use crate::sys::Clock;

/// How long one gauging takes at least, ns: in parallel mode it comes before and after a window, and costs nothing inside.
pub(super) const GAUGING_NS: u64 = 50_000;

/// Steps between two clock reads: about a microsecond.
const STEPS: u32 = 400;

/// Chains of steps that do not wait for one another. From eight on more tell no more.
const CHAINS: usize = 8;

/// Time for a block of [`STEPS`] steps of [`CHAINS`] chains on the CPU of the calling thread, ns.
#[cfg(feature = "rayon")]
pub(super) fn gauge(clock: Clock) -> f64 {
    let begin = clock.now();
    let (mut now, mut blocks, mut chains) = (begin, 0_u32, [begin; CHAINS]);
    while now < begin + GAUGING_NS {
        steps(STEPS, &mut chains);
        blocks += 1;
        now = clock.now();
    }
    (now - begin) as f64 / f64::from(blocks)
}

/// What a look at the pace said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glance {
    /// When, ns of the worker's clock.
    pub(crate) at: u64,
    /// Time for a block, ns.
    pub(crate) pace_ns: f64,
}

/// A look takes this share of a block: a tenth of a microsecond. Longer ones tell no more, and this one costs with the look at the
/// context switches less than 0.1 % of the time.
const GLANCE_SHARE: u32 = 25;

/// Steps before it, for what the calls have left of the caches and the pipeline.
const GLANCE_WARM_UP: u32 = 5;

/// One that took so many times as long as the quickest was interrupted.
const INTERRUPTED: f64 = 4.0;

/// While one caller looks, the others call without it: up to so many look at every slice, and of more each one more seldom.
const CALLERS_AT_EVERY_SLICE: usize = 8;

/// Looks at the pace of a caller's CPU all through a window.
#[derive(Debug)]
pub(crate) struct Glances {
    every_ns: u64,
    due: u64,
    quickest: f64,
}

impl Glances {
    /// Of one of so many callers.
    pub(super) fn among(callers: usize) -> Self {
        Self {
            every_ns: SLICE_NS * callers.div_ceil(CALLERS_AT_EVERY_SLICE) as u64,
            due: 0,
            quickest: f64::INFINITY,
        }
    }

    /// Looks when it is time to, or at the `last`. Returns when it is over.
    pub(super) fn look(
        &mut self,
        now: u64,
        last: bool,
        clock: Clock,
        seen: &mut Vec<Glance>,
    ) -> u64 {
        if now < self.due && !last {
            return clock.now();
        }
        self.due = now + self.every_ns;
        let (mut pace_ns, mut end) = glance(now, clock);
        if pace_ns > INTERRUPTED * self.quickest {
            let (again, later) = glance(now, clock);
            (pace_ns, end) = (pace_ns.min(again), later);
        }
        self.quickest = self.quickest.min(pace_ns);
        seen.push(Glance { at: now, pace_ns });
        end
    }
}

/// Time for a block by a short look, ns, and when it ended.
fn glance(seed: u64, clock: Clock) -> (f64, u64) {
    let mut chains = [seed; CHAINS];
    steps(GLANCE_WARM_UP, &mut chains);
    let begin = clock.now();
    steps(STEPS / GLANCE_SHARE, &mut chains);
    let end = clock.now();
    ((end - begin) as f64 * f64::from(GLANCE_SHARE), end)
}

fn steps(count: u32, chains: &mut [u64; CHAINS]) {
    for _ in 0..count {
        for chain in &mut *chains {
            // Each by itself, or the compiler takes them together in a vector, which is one chain again.
            let next = chain.wrapping_add(0x9e37_79b9_7f4a_7c15).rotate_left(17) ^ 1;
            *chain = black_box(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::window::Meter;
    use super::*;
    use crate::sys::ThreadMeter;

    #[cfg(feature = "rayon")]
    #[test]
    fn a_gauging_takes_its_time_and_no_block_takes_none() {
        let clock = Clock::new();
        let begin = clock.now();
        let pace = gauge(clock);
        assert!(clock.now() - begin >= GAUGING_NS);
        // 640 steps of 5 cycles: no CPU has a clock of 10 GHz.
        assert!(pace > 320.0, "{pace}");
    }

    /// When somebody looks who could do so at every slice.
    fn looks(callers: usize) -> Vec<u64> {
        let mut glances = Glances::among(callers);
        let mut seen = Vec::new();
        for slice in 1..=6 {
            glances.look(slice * SLICE_NS, slice == 6, Clock::new(), &mut seen);
        }
        seen.iter().map(|glance| glance.at / SLICE_NS).collect()
    }

    #[test]
    fn many_callers_look_more_seldom_but_all_at_the_last() {
        assert_eq!(looks(8), [1, 2, 3, 4, 5, 6]);
        assert_eq!(looks(16), [1, 3, 5, 6]);
        assert_eq!(looks(64), [1, 6]);
    }

    #[test]
    fn a_look_takes_as_long_a_block_as_a_core_can_do() {
        let (pace, _) = glance(1, Clock::new());
        // 3,200 steps of 4 instructions, of which no core does 16 in a cycle, at 10 GHz.
        assert!(pace > 80.0, "{pace}");
    }

    /// By the quickest of many turns: what interrupts them is no cost of theirs.
    #[test]
    #[ignore = "by hand: cargo test --release -p scalebench-core --lib looks_cost -- --ignored --nocapture"]
    fn looks_cost_less_than_a_thousandth() {
        const LOOKS: u64 = 1_000;
        let (clock, meter) = (Clock::new(), ThreadMeter::new());
        let (mut glances, mut seen) = (Glances::among(1), Vec::new());
        let cost = (0..200).map(|_| {
            seen.clear();
            let begin = clock.now();
            for look in 0..LOOKS {
                std::hint::black_box(Meter::on_cpu_ns(&meter));
                glances.look(look, true, clock, &mut seen);
            }
            (clock.now() - begin) as f64 / LOOKS as f64
        });
        let cost = cost.fold(f64::INFINITY, f64::min);
        let share = cost / SLICE_NS as f64;
        println!("{cost:.0} ns a slice, {:.3} % of it", 100.0 * share);
        assert!(share < 1e-3, "{share}");
    }
}
