//! Windows of the length that criterion asks for, and what they recorded.

use std::fmt;
use std::time::Duration;

use scalebench_model::data::{Mode, Sample};
use scalebench_model::sort;

use super::Benchmark;
use crate::coordinator::ask::{AskError, Worker, unexpected};
use crate::protocol::{Order, Part, Prepare, Reply, WindowKind, WindowOrder};

/// A window is never shorter, ns: starting the threads takes tens of microseconds.
const LEAST_WINDOW_NS: f64 = 200_000.0;

/// A window is never longer, ns.
const MOST_WINDOW_NS: f64 = 60e9;

/// Windows before criterion begins with a thread count, and about how long one is, ns.
const WARM_UP_WINDOWS: usize = 3;
const WARM_UP_NS: f64 = 1e6;

/// With less undisturbed time than this share of a window, its wall-clock figure is used.
const LEAST_COUNTED: f64 = 0.05;

/// Tries at a window of which others left less than that.
const TRIES: u32 = 3;

/// Why nothing could be measured, in words.
#[derive(Debug)]
pub(super) struct Failed(String);

impl Failed {
    pub(super) fn unprepared() -> Self {
        Self("it was not prepared".to_owned())
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<AskError> for Failed {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Failed(failure) | AskError::TimedOut(failure) => {
                let place = failure
                    .place
                    .map_or(String::new(), |place| format!(" at {place}"));
                Self(format!("{}{place}", failure.message))
            }
            AskError::Interrupted => Self("interrupted".to_owned()),
        }
    }
}

/// The windows at one thread count.
#[derive(Debug)]
struct AtCount {
    /// The latest latency, ns.
    latency_ns: f64,
    /// How many iterations criterion would ask for next if it were still warming up: 1, 2, 4, 8 …
    next_warm_up: Option<u64>,
    warm_up: Vec<Sample>,
    measured: Vec<Sample>,
}

/// The windows of one benchmark.
pub(super) struct Windows {
    /// Gone once the state has been dropped.
    worker: Option<Box<dyn Worker>>,
    mode: Mode,
    call_ns: f64,
    chunk_calls: u64,
    counts: Vec<(u32, AtCount)>,
}

impl Windows {
    /// Makes the state of the benchmark and sizes a call.
    pub(super) fn new(mut worker: Box<dyn Worker>, benchmark: &Benchmark) -> Result<Self, Failed> {
        let plan = &benchmark.plan;
        let prepare = Prepare {
            id: plan.info.id.clone(),
            max_threads: plan.threads.last().copied().unwrap_or(1),
            placement: benchmark.placement.clone(),
            cpus: benchmark.cpus,
            // criterion's own statistics use all windows.
            cores: 0,
            load: false,
            part: Part::default(),
        };
        done(worker.as_mut(), &Order::Prepare(prepare))?;
        let (call_ns, chunk_calls) = match worker.ask(&Order::Size)? {
            Reply::Sized {
                call_ns,
                chunk_calls,
                ..
            } => (call_ns, chunk_calls),
            other => return Err(unexpected(&other).into()),
        };
        let mode = plan.info.mode;
        Ok(Self {
            worker: Some(worker),
            mode,
            call_ns,
            chunk_calls,
            counts: Vec::new(),
        })
    }

    /// Gets a thread count going before criterion looks at its watch: the threads start, the chunks get their size, and
    /// the first latency is known.
    /// Later calls for the same count do nothing: criterion comes by once for each of its samples.
    pub(super) fn warm_up(&mut self, threads: u32) -> Result<(), Failed> {
        if self.place(threads).is_some() {
            return Ok(());
        }
        let iterations = (WARM_UP_NS / self.call_ns).clamp(1.0, 1e15) as u64;
        for _ in 0..WARM_UP_WINDOWS {
            self.window(threads, iterations, WindowKind::WarmUp)?;
        }
        Ok(())
    }

    /// One window of about `iterations` calls; `iterations` times its latency.
    pub(super) fn time(&mut self, threads: u32, iterations: u64) -> Result<Duration, Failed> {
        let at = self.at(threads);
        let warming_up = at.next_warm_up == Some(iterations);
        at.next_warm_up = warming_up.then(|| iterations.saturating_mul(2));
        if warming_up && at.latency_ns * (iterations as f64) < LEAST_WINDOW_NS {
            // The first steps of criterion's doubling are too short to measure; what is known will do.
            return Ok(times(at.latency_ns, iterations));
        }
        let kind = if warming_up {
            WindowKind::WarmUp
        } else {
            WindowKind::Measured
        };
        for _ in 0..TRIES {
            let sample = self.window(threads, iterations, kind)?;
            let enough = has_enough(&sample);
            let at = self.at(threads);
            match warming_up {
                true => at.warm_up.push(sample),
                false => at.measured.push(sample),
            }
            if enough {
                break;
            }
        }
        Ok(times(self.at(threads).latency_ns, iterations))
    }

    fn place(&self, threads: u32) -> Option<usize> {
        self.counts.iter().position(|(count, _)| *count == threads)
    }

    fn at(&mut self, threads: u32) -> &mut AtCount {
        let place = self.place(threads).unwrap_or(self.counts.len());
        if place == self.counts.len() {
            let at = AtCount {
                latency_ns: self.call_ns,
                next_warm_up: Some(1),
                warm_up: Vec::new(),
                measured: Vec::new(),
            };
            self.counts.push((threads, at));
        }
        &mut self.counts[place].1
    }

    fn window(
        &mut self,
        threads: u32,
        iterations: u64,
        kind: WindowKind,
    ) -> Result<Sample, Failed> {
        let mode = self.mode;
        let at = self.at(threads);
        let window_ns = at.latency_ns * iterations as f64;
        let order = Order::Window(WindowOrder {
            round: u32::try_from(at.measured.len()).unwrap_or(u32::MAX),
            threads,
            window_ns: window_ns.clamp(LEAST_WINDOW_NS, MOST_WINDOW_NS) as u64,
            kind,
        });
        let sample = match self.worker.as_mut().ok_or_else(gone)?.ask(&order)? {
            Reply::Sample(sample) => sample,
            other => return Err(unexpected(&other).into()),
        };
        // A window in which nothing was done tells nothing new.
        if let Some(latency_ns) = latency_ns(mode, &sample) {
            self.at(threads).latency_ns = latency_ns;
        }
        Ok(sample)
    }

    /// One call by each of `threads` threads.
    pub(super) fn once(&mut self, threads: u32) -> Result<Duration, Failed> {
        let worker = self.worker.as_mut().ok_or_else(gone)?;
        done(worker.as_mut(), &Order::Once { threads })?;
        Ok(Duration::from_nanos(1))
    }

    /// Drops the state.
    pub(super) fn end(&mut self) {
        if let Some(mut worker) = self.worker.take() {
            // A state that panics while it is dropped can no longer change what was measured.
            let _ = worker.ask(&Order::Finish);
        }
    }

    /// What was recorded: the measured windows, or, where criterion only ever doubled (`--quick`), all of them.
    pub(super) fn into_samples(mut self) -> Vec<Sample> {
        sort::by(&mut self.counts, &|a, b| a.0.cmp(&b.0));
        let of_count = |(_, mut at): (u32, AtCount)| {
            if at.measured.is_empty() {
                at.measured = at.warm_up;
                for (sample, round) in at.measured.iter_mut().zip(0..) {
                    sample.round = round;
                }
            }
            at.measured
        };
        self.counts.into_iter().flat_map(of_count).collect()
    }

    /// Calls in a chunk at N = 1.
    pub(super) fn chunk_calls(&self) -> u64 {
        self.chunk_calls
    }
}

fn gone() -> Failed {
    Failed("criterion came back to a benchmark that had ended".to_owned())
}

fn done(worker: &mut dyn Worker, order: &Order) -> Result<(), Failed> {
    match worker.ask(order)? {
        Reply::Done => Ok(()),
        other => Err(unexpected(&other).into()),
    }
}

/// criterion takes a time of zero for an error.
fn times(latency_ns: f64, iterations: u64) -> Duration {
    Duration::from_nanos((latency_ns * iterations as f64).ceil().max(1.0) as u64)
}

/// Whether others left enough of a window.
fn has_enough(sample: &Sample) -> bool {
    sample.counted_ns > LEAST_COUNTED * sample.window_ns && sample.counted_calls > 0.0
}

/// The latency of a window, ns: its counted part, or the whole where too little of it counts.
fn latency_ns(mode: Mode, sample: &Sample) -> Option<f64> {
    let callers = if mode == Mode::Concurrent {
        f64::from(sample.threads)
    } else {
        1.0
    };
    let (time, calls) = match has_enough(sample) {
        true => (sample.counted_ns, sample.counted_calls),
        false => (sample.window_ns, sample.calls),
    };
    let latency = callers * time / calls;
    (latency.is_finite() && latency > 0.0).then_some(latency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planner::BenchmarkPlan;

    /// Answers as a worker would whose call takes 100 ns for each thread, after so many windows that others disturbed all the time.
    struct Fake(u32);

    impl Worker for Fake {
        fn send(&mut self, _order: &Order) -> Result<(), AskError> {
            unreachable!("it is only asked")
        }

        fn receive(&mut self) -> Result<Reply, AskError> {
            unreachable!("it is only asked")
        }

        fn ask(&mut self, order: &Order) -> Result<Reply, AskError> {
            Ok(match order {
                Order::Size => Reply::Sized {
                    call_ns: 50.0,
                    chunk_calls: 9,
                    timing_ns: None,
                },
                Order::Window(window) => {
                    let latency_ns = 100.0 * f64::from(window.threads);
                    let one = Sample::from_latency(
                        Mode::Concurrent,
                        window.round,
                        window.threads,
                        latency_ns,
                    );
                    let window_ns = window.window_ns as f64;
                    let counts = if self.0 == 0 { 1.0 } else { 0.0 };
                    self.0 = self.0.saturating_sub(1);
                    Reply::Sample(Sample {
                        window_ns,
                        counted_ns: counts * window_ns,
                        calls: window_ns / 100.0,
                        counted_calls: counts * window_ns / 100.0,
                        ..one
                    })
                }
                _ => Reply::Done,
            })
        }
    }

    fn windows() -> Windows {
        disturbed(0)
    }

    fn disturbed(windows: u32) -> Windows {
        let plan = BenchmarkPlan::plain(vec![1, 4]);
        let benchmark = Benchmark {
            plan,
            placement: Vec::new(),
            cpus: 2,
            purpose: super::super::Purpose::Measure,
            worker: None,
            windows: None,
        };
        Windows::new(Box::new(Fake(windows)), &benchmark).expect("the fake does everything")
    }

    #[test]
    fn criterion_gets_iterations_times_latency() {
        let mut windows = windows();
        windows.warm_up(4).expect("measured");
        let known = windows.time(4, 1).expect("known");
        assert_eq!(known, Duration::from_nanos(400));
        let measured = windows.time(4, 1_000_000).expect("measured");
        assert_eq!(measured, Duration::from_millis(400));
    }

    fn rounds(windows: Windows) -> Vec<u32> {
        let samples = windows.into_samples();
        samples.iter().map(|sample| sample.round).collect()
    }

    #[test]
    fn doubling_from_one_is_warm_up_and_leaves_no_sample() {
        let mut windows = windows();
        for iterations in [1, 2, 4, 8, 1000, 2000, 3000] {
            windows.time(1, iterations).expect("measured");
        }
        assert_eq!(rounds(windows), [0, 1, 2]);
    }

    #[test]
    fn where_criterion_only_doubles_all_windows_that_were_long_enough_count() {
        let mut windows = windows();
        windows.warm_up(1).expect("measured");
        for step in 0..16 {
            windows.time(1, 1 << step).expect("measured");
        }
        // From 2048 calls of 100 ns.
        assert_eq!(rounds(windows), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_window_that_was_disturbed_is_tried_again_and_not_for_ever() {
        for (of_others, kept) in [(0, 1), (1, 2), (2, 3), (100, 3)] {
            let mut windows = disturbed(of_others);
            windows.time(4, 1_000_000).expect("measured");
            assert_eq!(rounds(windows).len(), kept, "{of_others}");
        }
    }

    #[test]
    fn a_window_lasts_as_long_as_the_iterations() {
        let mut windows = windows();
        windows.warm_up(1).expect("measured");
        windows.time(1, 1_000_000).expect("measured");
        assert_eq!(windows.into_samples()[0].window_ns, 1e8);
    }

    #[test]
    fn the_end_of_the_state_is_the_end_of_the_windows() {
        let mut windows = windows();
        windows.end();
        assert!(windows.time(1, 1_000_000).is_err());
    }
}
