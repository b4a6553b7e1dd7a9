//! Where the threads' time went.

use super::log::Log;
use super::stretch::Stretch;

/// Where the threads' time went, ns.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(super) struct Split {
    pub(super) on_cpu_ns: f64,
    pub(super) waiting_ns: f64,
    pub(super) blocked_ns: f64,
}

impl Split {
    /// Within `stretches` of one caller (in order, disjoint). Outside of its pauses a caller was on its CPU.
    pub(super) fn of(stretches: &[Stretch], log: &Log) -> Self {
        let mut sum = Self::default();
        for stretch in stretches {
            sum.add(*stretch, log);
        }
        sum
    }

    /// Adds another one, so many times.
    pub(super) fn plus(&mut self, other: &Self, weight: f64) {
        self.on_cpu_ns += weight * other.on_cpu_ns;
        self.waiting_ns += weight * other.waiting_ns;
        self.blocked_ns += weight * other.blocked_ns;
    }

    fn add(&mut self, stretch: Stretch, log: &Log) {
        let threads = f64::from(log.threads);
        let (mut on_cpu, mut waiting, mut paused) = (0.0, 0.0, 0.0);
        let first = log
            .pauses
            .partition_point(|pause| pause.end <= stretch.begin);
        for pause in log.pauses[first..]
            .iter()
            .take_while(|pause| pause.begin < stretch.end)
        {
            let whole = Stretch {
                begin: pause.begin,
                end: pause.end,
            };
            let common = whole
                .meet(stretch)
                .map_or(0.0, |common| common.length() as f64);
            let share = common / whole.length() as f64;
            // The two clocks are read one after the other, so the parts may exceed the whole by a little.
            let most = threads * common;
            let busy = (pause.on_cpu_ns as f64 * share).min(most);
            on_cpu += busy;
            waiting += (pause.waiting_ns as f64 * share).min(most - busy);
            paused += common;
        }
        let rest = (stretch.length() as f64 - paused).max(0.0) * threads;
        self.on_cpu_ns += on_cpu + rest;
        self.waiting_ns += waiting;
        self.blocked_ns += (threads * paused - on_cpu - waiting).max(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::log::Pause;
    use super::*;

    #[test]
    fn pauses_say_where_the_time_went() {
        let blocked = Log {
            pauses: vec![Pause {
                begin: 2_000_000,
                end: 6_000_000,
                on_cpu_ns: 1_000_000,
                waiting_ns: 0,
            }],
            threads: 1,
            ..Log::default()
        };
        let within = |begin, end| Split::of(&[Stretch { begin, end }], &blocked);
        let split = |on_cpu_ns, blocked_ns| Split {
            on_cpu_ns,
            waiting_ns: 0.0,
            blocked_ns,
        };
        assert_eq!(within(1_000_000, 11_000_000), split(7e6, 3e6));
        // Half of the pause lies in this half of the window.
        assert_eq!(within(4_000_000, 9_000_000), split(3.5e6, 1.5e6));
    }
}
