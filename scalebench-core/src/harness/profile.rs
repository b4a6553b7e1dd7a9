//! `--profile-time`: keep calling, so that a profiler has something to look at. Nothing is estimated or written.

use std::io::Write;
use std::time::{Duration, Instant};

use scalebench_model::data::{Failure, Mode};

use super::Exit;
use crate::coordinator::ask::{AskError, Spawn, Worker, unexpected};
use crate::coordinator::in_process::InProcess;
use crate::options::Options;
use crate::planner::{self, BenchmarkPlan};
use crate::protocol::{BenchmarkInfo, Order, Part, Prepare, Reply, WindowKind, WindowOrder};
use crate::say::tell;
use crate::sys::{host, interrupted, watch_interrupts};
use crate::worker;

/// The calls come in windows of this length, so that an interrupt ends the profile and the logs stay small.
const WINDOW: Duration = Duration::from_millis(100);

/// Calls each of the selected benchmarks for `time` at each of its thread counts, in this process.
pub(super) fn run(options: &Options, selected: Vec<BenchmarkInfo>, time: Duration) -> Exit {
    // Without the handler an interrupt simply ends the process, which is enough here.
    let _ = watch_interrupts();
    worker::remember_panics(|_| ());
    let host = host();
    let plan = planner::plan(options, &host, selected, Vec::new());
    let placement = if options.pin {
        host.placement
    } else {
        Vec::new()
    };
    let mut failed = false;
    for benchmark in &plan.benchmarks {
        match call(benchmark, &placement, host.cpus, time, options.quiet) {
            Ok(()) => {}
            Err(AskError::Interrupted) => return Exit::Interrupted,
            Err(AskError::Failed(failure) | AskError::TimedOut(failure)) => {
                tell(format_args!("{}: {}", benchmark.name(), describe(&failure)));
                failed = true;
            }
        }
    }
    if failed {
        Exit::BenchmarkFailed
    } else {
        Exit::Fine
    }
}

fn describe(failure: &Failure) -> String {
    let place = failure
        .place
        .as_ref()
        .map_or(String::new(), |place| format!(" at {place}"));
    format!("{}{place}", failure.message)
}

fn call(
    benchmark: &BenchmarkPlan,
    placement: &[u32],
    cpus: u32,
    time: Duration,
    quiet: bool,
) -> Result<(), AskError> {
    let mut worker = InProcess.spawn(0)?;
    let prepare = Prepare {
        id: benchmark.info.id.clone(),
        max_threads: benchmark.threads.last().copied().unwrap_or(1),
        placement: placement.to_vec(),
        cpus,
        cores: 0,
        load: benchmark.info.mode == Mode::Load,
        part: Part::default(),
    };
    ask(worker.as_mut(), &Order::Prepare(prepare))?;
    ask(worker.as_mut(), &Order::Size)?;
    for threads in benchmark.asked_threads() {
        if !quiet {
            let _ = writeln!(
                std::io::stderr(),
                "Calling {} with {} for {} s",
                benchmark.name(),
                benchmark.info.axis.count(threads),
                time.as_secs_f64()
            );
        }
        let end = Instant::now() + time;
        while Instant::now() < end {
            if interrupted() {
                return Err(AskError::Interrupted);
            }
            let rest = end.saturating_duration_since(Instant::now()).min(WINDOW);
            let window_ns = u64::try_from(rest.as_nanos()).unwrap_or(u64::MAX).max(1);
            let kind = WindowKind::WarmUp;
            ask(
                worker.as_mut(),
                &Order::Window(WindowOrder {
                    round: 0,
                    threads,
                    window_ns,
                    kind,
                }),
            )?;
        }
    }
    ask(worker.as_mut(), &Order::Finish)
}

fn ask(worker: &mut dyn Worker, order: &Order) -> Result<(), AskError> {
    match worker.ask(order)? {
        Reply::Done | Reply::Sized { .. } | Reply::Sample(_) | Reply::Samples { .. } => Ok(()),
        other => Err(unexpected(&other)),
    }
}
