//! When to ask the system to let callers run before other processes.
//!
//! Beside busy processes little time is undisturbed, what there is begins with cold caches, and threads seldom run together. A
//! higher priority mends all three, where the system allows it. But a call may need one of those processes: a database, a server. Then
//! running before it would be a figure of a machine that nobody has. So it is asked for only when calls alone never wait for
//! anybody: a call that needs another process blocks.

use scalebench_model::data::{Mode, Sample};

use super::launch::Machine;
use crate::planner::BenchmarkPlan;

/// From this share on, other processes disturbed a window. Threads that wake each other up wait a little for a CPU, too.
const DISTURBED: f64 = 0.25;

/// So many windows, and most of all, are disturbed beside processes that stay busy. One now and then is on any machine.
const OFTEN: u32 = 3;

/// Calls that are blocked for less than this share of their time wait for nobody.
const BLOCKED: f64 = 0.05;

/// What is known of it in one launch.
#[derive(Debug)]
pub(super) struct Hurry {
    mode: Mode,
    /// Nobody asks twice.
    open: bool,
    /// Up to so many threads, waiting for a CPU is other processes' doing.
    cpus: u32,
    /// Whether calls alone wait for nobody, once that is known.
    alone: Option<bool>,
    /// Windows so far in which every thread had a CPU …
    seen: u32,
    /// … and those of them that were disturbed.
    disturbed: u32,
    /// Whether the system allowed it.
    raised: bool,
}

impl Hurry {
    /// Processes that measure together have no threads of one worker, and under load the service and its callers share the
    /// machine as they do elsewhere.
    pub(super) fn new(plan: &BenchmarkPlan, machine: &Machine<'_>) -> Self {
        let by_threads = plan.info.axis.is_threads() && plan.info.mode != Mode::Load;
        Self {
            mode: plan.info.mode,
            open: machine.may_hurry && by_threads,
            cpus: machine.cpus,
            alone: None,
            seen: 0,
            disturbed: 0,
            raised: false,
        }
    }

    /// After a window: whether it is time to ask, which is once at most.
    pub(super) fn is_called_for(&mut self, samples: &[Sample]) -> bool {
        if !self.open {
            return false;
        }
        if samples.iter().all(|sample| sample.threads == 1) {
            let waits = !samples.iter().all(|s| waits_for_nobody(s, self.mode));
            self.alone = Some(self.alone != Some(false) && !waits);
        }
        for sample in samples.iter().filter(|s| s.threads <= self.cpus) {
            self.seen += 1;
            self.disturbed += u32::from(is_disturbed(sample));
        }
        let often = self.disturbed >= OFTEN && 2 * self.disturbed > self.seen;
        let called = self.alone == Some(true) && often;
        self.open = !called;
        called
    }

    /// Whether the system allowed it.
    pub(super) fn answered(&mut self, raised: bool) {
        self.raised = raised;
    }

    /// Once priority is raised, takes away what callers measured that slept now and then, as behind a lock: then others had their
    /// CPU, and to take it back costs more than to find it idle.
    pub(super) fn discount(&self, samples: &mut [Sample]) {
        if !self.raised {
            return;
        }
        let slept = |s: &&mut Sample| {
            s.threads <= self.cpus && s.on_cpu_ns > 0.0 && !waits_for_nobody(s, self.mode)
        };
        for sample in samples.iter_mut().filter(slept) {
            *sample = Sample {
                counted_ns: 0.0,
                slow_ns: 0.0,
                counted_calls: 0.0,
                on_cpu_ns: 0.0,
                waiting_ns: 0.0,
                blocked_ns: 0.0,
                rare: None,
                regime: None,
                ..*sample
            };
        }
    }
}

fn is_disturbed(sample: &Sample) -> bool {
    sample.undisturbed_ns() < (1.0 - DISTURBED) * sample.window_ns
}

/// A pause that comes now and then is waiting for nobody, and windows that happen to hold one must count as the others do.
fn waits_for_nobody(sample: &Sample, mode: Mode) -> bool {
    let all = sample.on_cpu_ns + sample.waiting_ns + sample.blocked_ns;
    let rare = sample.rare.map_or(0.0, |rare| rare.ns);
    let calls_ns = sample.callers(mode) * sample.counted_ns;
    let blocked = sample.blocked_ns / all - rare / calls_ns.max(1.0);
    all > sample.blocked_ns && blocked < BLOCKED
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hurry() -> Hurry {
        Hurry {
            mode: Mode::Concurrent,
            open: true,
            cpus: 2,
            alone: None,
            seen: 0,
            disturbed: 0,
            raised: false,
        }
    }

    fn sample(threads: u32, counted: f64, blocked: f64) -> Sample {
        Sample {
            window_ns: 1e7,
            counted_ns: counted * 1e7,
            on_cpu_ns: (1.0 - blocked) * 1e7,
            blocked_ns: blocked * 1e7,
            ..Sample::from_latency(Mode::Concurrent, 0, threads, 1.0)
        }
    }

    #[test]
    fn calls_that_wait_for_nobody_hurry_once_when_disturbed_often() {
        let mut hurry = hurry();
        assert!(!hurry.is_called_for(&[sample(1, 1.0, 0.0)]), "undisturbed");
        for _ in 0..9 {
            assert!(
                !hurry.is_called_for(&[sample(4, 0.2, 0.0)]),
                "by each other"
            );
        }
        let disturbed = sample(2, 0.2, 0.9);
        let called: Vec<bool> = (0..5)
            .map(|_| hurry.is_called_for(std::slice::from_ref(&disturbed)))
            .collect();
        assert_eq!(called, [false, false, true, false, false]);
    }

    #[test]
    fn who_sleeps_finds_the_cpu_taken_whatever_its_priority() {
        let mut samples = [
            sample(2, 0.9, 0.1),
            sample(2, 0.9, 0.0),
            sample(4, 1.0, 0.5),
        ];
        let mut hurry = hurry();
        hurry.discount(&mut samples);
        assert_eq!(samples.clone().map(|s| s.counted_ns), [0.9e7, 0.9e7, 1e7]);
        hurry.answered(true);
        hurry.discount(&mut samples);
        assert_eq!(samples.map(|s| s.counted_ns), [0.0, 0.9e7, 1e7]);
    }

    #[test]
    fn a_disturbance_now_and_then_is_no_reason() {
        let mut hurry = hurry();
        for window in 0..30 {
            let counted = if window % 3 == 0 { 0.2 } else { 1.0 };
            assert!(!hurry.is_called_for(&[sample(1, counted, 0.0)]));
        }
    }

    #[test]
    fn calls_that_may_need_another_process_never_do() {
        let mut hurry = hurry();
        for _ in 0..5 {
            assert!(
                !hurry.is_called_for(&[sample(2, 0.2, 0.0)]),
                "nothing known"
            );
        }
        assert!(!hurry.is_called_for(&[sample(1, 0.2, 0.5)]));
        assert!(!hurry.is_called_for(&[sample(1, 0.2, 0.0)]), "not once");
    }
}
