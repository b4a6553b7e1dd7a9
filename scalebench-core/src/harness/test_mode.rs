//! Without `--bench`: every benchmark once at 1 and 2 threads (or processes), so that `cargo test` keeps them working.

use super::{Exit, failure};
use crate::coordinator::ask::{AskError, Spawn, Worker, unexpected};
use crate::coordinator::process::Processes;
use crate::coordinator::{look, start_worker};
use crate::features::LOAD;
use crate::options::{Ignored, Options};
use crate::protocol::{BenchmarkInfo, Order, Part, Prepare, Reply};
use crate::say::say;
use crate::sys::{Program, watch_interrupts};
use scalebench_model::data::{Axis, BenchmarkRecord, Grid, Mode};

/// The thread counts of the test.
const COUNTS: [u32; 2] = [1, 2];

/// Runs the selected benchmarks as tests, and prints what libtest would.
/// `broken` are those that
/// cannot even be listed.
pub(super) fn run(
    options: &Options,
    selected: &[BenchmarkInfo],
    broken: &[BenchmarkRecord],
    filtered_out: usize,
) -> Exit {
    // Without the handler an interrupt simply ends the process, which is enough here.
    let _ = watch_interrupts();
    let spawn = Processes {
        program: Program::this(),
        timeout: options.timeout,
        nocapture: options.nocapture,
    };
    let tests = selected.len() + broken.len();
    let s = if tests == 1 { "" } else { "s" };
    say(&format!("\nrunning {tests} test{s}\n"));
    let mut failures = Vec::new();
    let mut ignored = 0;
    for info in selected {
        say(&format!("test {} ... ", info.id));
        if info.ignore && options.selection.ignored == Ignored::Leave {
            say("ignored\n");
            ignored += 1;
            continue;
        }
        match once(&spawn, info) {
            Ok(()) => say("ok\n"),
            Err(AskError::Interrupted) => return Exit::Interrupted,
            Err(AskError::Failed(failure) | AskError::TimedOut(failure)) => {
                say("FAILED\n");
                failures.push((info.id.as_str(), failure));
            }
        }
    }
    for record in broken {
        say(&format!("test {} ... FAILED\n", record.id));
        let failure = record.failure.clone();
        failures.extend(failure.map(|failure| (record.id.as_str(), failure)));
    }
    for (id, failure) in &failures {
        say(&format!(
            "\n---- {id} ----\n{}\n",
            failure::in_full(failure)
        ));
    }
    let verdict = if failures.is_empty() { "ok" } else { "FAILED" };
    say(&format!(
        "\ntest result: {verdict}. {} passed; {} failed; {ignored} ignored; 0 measured; {filtered_out} filtered out\n\n",
        tests - failures.len() - ignored,
        failures.len()
    ));
    if failures.is_empty() {
        Exit::Fine
    } else {
        Exit::BenchmarkFailed
    }
}

/// The thread counts for one benchmark: a group needs a thread for each of its roles. Processes are two where the benchmark
/// has as many, each with all its callers.
fn counts(info: &BenchmarkInfo) -> [u32; 2] {
    if matches!(info.axis, Axis::Processes | Axis::Callers) {
        let processes = info.threads.iter().flatten().max();
        let most = Grid {
            processes: processes.map_or(1, |&most| most.min(COUNTS[1])),
            threads_per_process: info.threads_per_process.unwrap_or(1),
        };
        return [COUNTS[0], most.callers()];
    }
    let members = info.member.as_ref().map_or(1, |member| member.members);
    let members = u32::try_from(members).unwrap_or(u32::MAX);
    [COUNTS[0], COUNTS[1].max(members)]
}

fn once(spawn: &dyn Spawn, info: &BenchmarkInfo) -> Result<(), AskError> {
    let counts = counts(info);
    let mut worker = start_worker(spawn, 0, info, counts[1])?;
    let prepare = Prepare {
        id: info.id.clone(),
        max_threads: counts[1],
        placement: Vec::new(),
        cpus: counts[1],
        cores: 0,
        load: info.mode == Mode::Load,
        part: Part::default(),
    };
    expect_done(worker.as_mut(), &Order::Prepare(prepare))?;
    for threads in counts {
        expect_done(worker.as_mut(), &Order::Once { threads })?;
    }
    if LOAD && info.mode == Mode::Load {
        look(worker.as_mut(), counts[1])?;
    }
    expect_done(worker.as_mut(), &Order::Finish)
}

fn expect_done(worker: &mut dyn Worker, order: &Order) -> Result<(), AskError> {
    match worker.ask(order)? {
        Reply::Done => Ok(()),
        other => Err(unexpected(&other)),
    }
}
