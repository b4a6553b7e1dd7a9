//! Windows that the user's code fills with callers of its own.

use std::time::Duration;

use super::log::{Log, Span};
use super::seat::Timing;
use super::window::WindowPlan;
use super::{Engine, catch, serve as serve_orders};
use crate::annotate::not_measured;
use crate::protocol::WorkerFailure;
use crate::worker::Orders;

/// A window that code of your own fills: see [`Bencher::windows`](crate::bencher::Bencher::windows).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    threads: usize,
    length: Duration,
}

impl Window {
    /// How many threads are to call.
    #[must_use]
    pub fn threads(self) -> usize {
        self.threads
    }

    /// About how long they are to call.
    #[must_use]
    pub fn length(self) -> Duration {
        self.length
    }
}

/// What happened in a [`Window`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ran {
    /// Calls of all threads while all of them were calling, at least 1.
    pub calls: u64,
    /// How long that was, above 0: the same time for all threads, not their sum.
    pub time: Duration,
}

/// A window from which a call is sized, ns.
const SIZING_NS: u64 = 1_000_000;

/// Serves one benchmark whose windows `run` fills.
pub(crate) fn serve(orders: &mut Orders, run: &mut dyn FnMut(Window) -> Ran) {
    serve_orders(orders, &mut OwnWindows { run });
}

struct OwnWindows<'a> {
    run: &'a mut dyn FnMut(Window) -> Ran,
}

impl OwnWindows<'_> {
    fn fill(&mut self, threads: usize, length_ns: u64) -> Result<Ran, WorkerFailure> {
        let length = Duration::from_nanos(length_ns);
        catch(|| {
            let ran = (self.run)(Window { threads, length });
            if ran.calls == 0 || ran.time.is_zero() {
                not_measured(&format!(
                    "a window of {length:?} at {threads} threads had {} calls in {:?}: it needs at least one call and \
                     some time",
                    ran.calls, ran.time
                ));
            }
            ran
        })
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

impl Engine for OwnWindows<'_> {
    fn window(&mut self, plan: WindowPlan) -> Result<Vec<Log>, WorkerFailure> {
        let ran = self.fill(plan.threads, plan.window_ns)?;
        let end = nanoseconds(ran.time);
        let span = Span {
            begin: 0,
            end,
            calls: ran.calls,
        };
        Ok(vec![Log {
            spans: vec![span],
            close: end,
            regime_end: u64::MAX,
            // Nothing is known of the threads that did it, so their time is not split.
            threads: 0,
            ..Log::default()
        }])
    }

    fn time_calls(&mut self, calls: u64) -> Result<Timing, WorkerFailure> {
        let ran = self.fill(1, SIZING_NS)?;
        let call_ns = ran.time.as_nanos() as f64 / ran.calls as f64;
        Ok(Timing {
            calls_ns: (call_ns * calls as f64) as u64,
            making_ns: 0,
        })
    }

    fn once(&mut self, threads: usize) -> Result<(), WorkerFailure> {
        self.fill(threads, 1).map(|_| ())
    }

    /// How calls are grouped is not ours to say.
    fn max_chunk(&self) -> u64 {
        1
    }

    fn callers(&self, threads: u32) -> u32 {
        threads
    }

    fn times_single_calls(&self) -> bool {
        false
    }
}
