//! Helpers: threads of this process that are no callers, such as a pool or a server that the calls use.
//!
//! They matter twice. A thread may run only where the thread that started it may, so callers whose calls start threads must
//! not be pinned. And where callers and helpers together want more than the CPUs, they wait for each other, and not because
//! of other processes. Threads that have already ended cannot be asked, but their time is in the process's.

use super::log::Log;
use super::pace::GAUGING_NS;
use crate::sys::{ThreadMeter, pin_all, process_cpu_ns, thread_id, thread_times};

/// From so much CPU time for each unit of time on there are helpers: less hardly keeps a caller from its CPU.
const LEAST: f64 = 0.05;

/// CPU time that a caller may take outside of its window, ns: it wakes up, reads its task, in parallel mode gauges the pace of its
/// CPU twice, and hands back the log.
const AROUND_A_WINDOW_NS: f64 = 50_000.0 + 2.0 * GAUGING_NS as f64;

/// What is known of the helpers. One for each launch.
#[derive(Debug)]
pub(super) struct Helpers {
    /// Of the thread that orders the windows.
    meter: ThreadMeter,
    placement: Vec<u32>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// There was no window yet.
    Unknown,
    None,
    /// There were some in the latest window; it may have been once.
    Suspected,
    /// They outlive the calls.
    Standing,
    /// Calls start them.
    Started,
}

/// What all callers of a window did.
#[derive(Debug, Clone, Copy)]
pub(super) struct Callers {
    pub(super) threads: u32,
    pub(super) on_cpu_ns: u64,
}

impl Callers {
    pub(super) fn of(logs: &[Log]) -> Self {
        Self {
            threads: logs.iter().map(|log| log.threads).sum(),
            on_cpu_ns: logs.iter().map(|log| log.on_cpu_ns).sum(),
        }
    }
}

/// Times before a window, ns.
#[derive(Debug)]
pub(super) struct Before {
    now: u64,
    /// CPU time of all threads but the one that orders the windows.
    others: Option<u64>,
    /// CPU time of each thread, where it matters who the helpers are.
    threads: Vec<(i32, u64)>,
}

impl Helpers {
    /// To be made and used by the thread that orders the windows.
    pub(super) fn new(placement: &[u32]) -> Self {
        Self {
            meter: ThreadMeter::new(),
            placement: placement.to_vec(),
            state: State::Unknown,
        }
    }

    /// Whether callers may be pinned: it is known that their calls start no threads. Their first ones still may.
    pub(super) fn may_pin(&self) -> bool {
        matches!(self.state, State::None | State::Standing)
    }

    /// Whether there are none at all, as far as is known.
    pub(super) fn are_none(&self) -> bool {
        self.state == State::None
    }

    /// To be called before the callers of a window begin.
    pub(super) fn before(&self, now: u64) -> Before {
        let suspected = self.state == State::Suspected;
        Before {
            now,
            others: self.others(),
            threads: if suspected {
                thread_times()
            } else {
                Vec::new()
            },
        }
    }

    /// To be called when they have ended: writes into their logs how much helpers did meanwhile.
    pub(super) fn after(&mut self, before: Before, now: u64, callers: Callers, logs: &mut [Log]) {
        let helpers = self.share(&before, now, callers);
        if helpers > 0.0 {
            self.state = self.found(&before, now);
        } else if matches!(self.state, State::Unknown | State::Suspected) {
            self.state = State::None;
        }
        for log in logs {
            log.helpers = helpers;
        }
    }

    /// What is known after a window with helpers.
    fn found(&self, before: &Before, now: u64) -> State {
        match self.state {
            State::Unknown => State::Suspected,
            State::None => {
                // Those that a pinned caller has started since cannot leave its CPU by themselves.
                pin_all(&self.placement);
                State::Suspected
            }
            State::Suspected if self.started(before, now) < LEAST => State::Standing,
            State::Suspected | State::Started => State::Started,
            State::Standing => State::Standing,
        }
    }

    /// How many CPUs threads kept busy that were not there before the window, or are not there any more.
    fn started(&self, before: &Before, now: u64) -> f64 {
        let (Some(since), Some(until)) = (before.others, self.others()) else {
            return 0.0;
        };
        let own = thread_id();
        let standing = |(thread, time): (i32, u64)| {
            let known = |(known, _): &&(i32, u64)| *known == thread && thread != own;
            let (_, before) = before.threads.iter().find(known)?;
            Some(time.saturating_sub(*before))
        };
        let standing: u64 = thread_times().into_iter().filter_map(standing).sum();
        let started = until.saturating_sub(since).saturating_sub(standing);
        started as f64 / passed(before, now)
    }

    /// How many CPUs helpers kept busy; 0 where there are none.
    fn share(&self, before: &Before, now: u64, callers: Callers) -> f64 {
        let (Some(since), Some(until)) = (before.others, self.others()) else {
            return 0.0;
        };
        let others = until.saturating_sub(since);
        let helpers = others.saturating_sub(callers.on_cpu_ns) as f64;
        let around = AROUND_A_WINDOW_NS * f64::from(callers.threads);
        let passed = passed(before, now);
        let share = (helpers - around) / passed;
        if share < LEAST { 0.0 } else { helpers / passed }
    }

    /// CPU time of all threads but this one, ns; `None` where the system does not say.
    fn others(&self) -> Option<u64> {
        Some(process_cpu_ns()?.saturating_sub(self.meter.on_cpu_ns()?))
    }
}

/// The time since then, ns, above 0.
fn passed(before: &Before, now: u64) -> f64 {
    now.saturating_sub(before.now).max(1) as f64
}

/// Whether every thread has a CPU of its own, those that help included: then a wait for one is other processes' doing.
pub(crate) fn fits(threads: u32, cpus: u32, logs: &[Log]) -> bool {
    let helpers = logs.first().map_or(0.0, |log| log.helpers);
    f64::from(threads) + helpers.ceil() <= f64::from(cpus)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::Clock;

    /// A window since `before` in which one caller used so much CPU time, and how much help it had.
    fn window(helpers: &mut Helpers, before: Before, now: u64, on_cpu_ns: u64) -> f64 {
        let mut logs = [Log::default()];
        let callers = Callers {
            threads: 1,
            on_cpu_ns,
        };
        helpers.after(before, now, callers, &mut logs);
        logs[0].helpers
    }

    fn works(ns: u64) {
        let meter = ThreadMeter::new();
        let since = meter.on_cpu_ns();
        while meter.on_cpu_ns() < since.map(|since| since + ns) {}
    }

    /// Two windows in which `help` is at work.
    fn helped(help: impl Fn()) -> Helpers {
        let (mut helpers, clock) = (Helpers::new(&[]), Clock::new());
        for _ in 0..2 {
            assert!(!helpers.may_pin(), "nothing is known yet");
            let before = helpers.before(clock.now());
            help();
            let share = window(&mut helpers, before, clock.now(), 0);
            assert!(share > LEAST, "{share}");
        }
        helpers
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn callers_that_start_threads_are_not_pinned() {
        let help = || {
            let helper = std::thread::spawn(|| works(20_000_000));
            helper.join().expect("it ends");
        };
        let mut helpers = helped(help);
        assert_eq!(helpers.state, State::Started);
        // Found once, they stay.
        let before = helpers.before(0);
        window(&mut helpers, before, 1_000_000, u64::MAX);
        assert!(!helpers.may_pin());
    }

    #[test]
    fn what_callers_did_was_no_help() {
        let mut helpers = Helpers::new(&[]);
        let before = helpers.before(0);
        assert_eq!(window(&mut helpers, before, 10_000_000, u64::MAX), 0.0);
        assert!(helpers.may_pin() && helpers.are_none());
    }

    #[test]
    fn helpers_need_cpus_too() {
        let helped = |helpers| {
            vec![Log {
                helpers,
                ..Log::default()
            }]
        };
        assert!(fits(2, 2, &helped(0.0)));
        assert!(!fits(2, 2, &helped(0.1)));
        assert!(fits(1, 2, &helped(0.9)));
        assert!(!fits(1, 2, &helped(1.9)));
        assert!(!fits(3, 2, &[]));
    }
}
