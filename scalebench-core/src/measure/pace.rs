//! The pace of a CPU: how long a fixed piece of arithmetic takes on it, whatever is being measured.
//!
//! Of what slows a CPU down, the kernel sees only what it does itself. A hypervisor that runs others meanwhile without saying
//! so, a neighbour on the same physical core, and a clock that drops all slow down this arithmetic as they do the calls around
//! it. So which windows were slow is known without a look at what they measured.
//!
//! The arithmetic must want all of a core. Steps that wait for one another leave most of it idle, and a neighbour on the other
//! hardware thread takes what is idle: it made one chain of multiplications 4 % slower, an allocation 55 %, a walk through
//! memory 40 to 70 %, and eight chains that go through memory 90 %.

use std::hint::black_box;

use super::window::Meter;
use crate::sys::Clock;

/// How long one gauging takes at least, ns: it comes before and after a window, and costs nothing inside.
pub(super) const GAUGING_NS: u64 = 50_000;

/// Steps between two clock reads: about a microsecond.
const STEPS: u32 = 400;

/// Chains of steps that do not wait for one another. From eight on more tell no more.
const CHAINS: usize = 8;

/// Time for a block of [`STEPS`] steps of [`CHAINS`] chains on the CPU of the calling thread, ns.
pub(super) fn gauge(clock: Clock) -> f64 {
    let begin = clock.now();
    let (mut now, mut blocks, mut chains) = (begin, 0_u32, [begin; CHAINS]);
    while now < begin + GAUGING_NS {
        for _ in 0..STEPS {
            for chain in &mut chains {
                // Each by itself, or the compiler takes them together in a vector, which is one chain again.
                let next = chain.wrapping_add(0x9e37_79b9_7f4a_7c15).rotate_left(17) ^ 1;
                *chain = black_box(next);
            }
        }
        blocks += 1;
        now = clock.now();
    }
    (now - begin) as f64 / f64::from(blocks)
}

/// The same, once more where `meter` says that another process had the CPU meanwhile: that is not the CPU's doing.
pub(super) fn gauge_undisturbed(meter: &dyn Meter, clock: Clock) -> f64 {
    let mark = meter.mark();
    let pace = gauge(clock);
    if meter.mark() == mark {
        return pace;
    }
    gauge(clock)
}

/// Does the work of a window, and gauges before and after, where that is wanted; the mean of both.
pub(super) fn around(wanted: bool, gauge: &dyn Fn() -> f64, work: &mut dyn FnMut()) -> Option<f64> {
    let before = wanted.then(gauge);
    work();
    before.map(|before| f64::midpoint(before, gauge()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gauging_takes_its_time_and_no_block_takes_none() {
        let clock = Clock::new();
        let begin = clock.now();
        let pace = gauge(clock);
        assert!(clock.now() - begin >= GAUGING_NS);
        // 640 steps of 5 cycles: no CPU has a clock of 10 GHz.
        assert!(pace > 320.0, "{pace}");
    }
}
