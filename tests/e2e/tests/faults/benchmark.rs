//! Code under measurement that goes wrong: the message and place are shown, the others are complete, nothing hangs and
//! nothing is left behind.

use std::time::Duration;

use scalebench_model::data::Status;
use scalebench_model::report::{Benchmark, Flag, Point};

use crate::counts::Counts;
use crate::patience::{output, wait_for};
use crate::processes::of_home;
use crate::run::{Run, bench, command, planned, run};

/// A faulty benchmark and what must come of it.
#[derive(Debug)]
pub(crate) struct Row {
    /// Its name below `faults`.
    pub(crate) name: &'static str,
    /// How it ends.
    ends: Status,
    /// A part of the message; of the output where it begins with `>`.
    says: &'static str,
    /// Whether the message names the line.
    place: bool,
    /// The time limit, seconds: far beyond what it takes, where it is not what ends it.
    timeout: &'static str,
}

const fn failed(name: &'static str, says: &'static str) -> Row {
    Row {
        name,
        ends: Status::Failed,
        says,
        place: false,
        timeout: "60",
    }
}

const fn panics(name: &'static str, says: &'static str) -> Row {
    Row {
        place: true,
        ..failed(name, says)
    }
}

/// What would hang until this limit if nobody looked.
const fn ended_before(timeout: &'static str, row: Row) -> Row {
    Row { timeout, ..row }
}

const fn hangs(name: &'static str) -> Row {
    Row {
        ends: Status::TimedOut,
        timeout: "3",
        ..failed(name, "`--timeout SECONDS` allows more")
    }
}

const fn fine(name: &'static str) -> Row {
    Row {
        ends: Status::Ok,
        ..failed(name, "")
    }
}

/// Every fault that code under measurement is known to have.
pub(crate) const ROWS: [Row; 43] = [
    panics("panics_in_the_call", "the planted panic in the call"),
    panics("panics_in_setup", "the planted panic in setup"),
    panics("panics_in_one_thread", "the planted panic in one thread"),
    panics("panics_in_teardown", "the planted panic in teardown"),
    panics(
        "panics_in_a_threads_teardown",
        "the planted panic in teardown",
    ),
    panics("panics_in_the_third_launch", "the third launch"),
    panics("panics_with_a_number", "a value that is not text"),
    panics(
        "panics_with_a_value_that_panics",
        "a value that is not text",
    ),
    panics("panics_at_great_length", "bytes left out"),
    panics("panics_while_panicking", "the first panic"),
    failed("aborts", "SIGABRT"),
    ended_before("3", failed("aborts_beside_a_daemon", "SIGABRT")),
    failed("exits", "exit code 7"),
    failed("exits_as_if_all_were_well", "exit code 0"),
    failed("segfaults", "SIGSEGV"),
    failed("overflows_the_stack", ">overflowed its stack"),
    failed("runs_out_of_memory", ">memory allocation of"),
    failed("closes_every_descriptor", "process"),
    failed("writes_on_every_pipe", "a line that is no reply"),
    failed("too_many_threads", "could not start 100000 threads"),
    panics(
        "tasks::panics_in_a_tasks_teardown",
        "the planted panic in teardown",
    ),
    failed("tasks::aborts_in_a_task", "SIGABRT"),
    hangs("tasks::blocks_its_worker"),
    hangs("hang::deadlocks"),
    hangs("hang::never_returns"),
    hangs("hang::never_returns_at_four"),
    hangs("hang::spins_for_ever"),
    hangs("hang::hangs_in_setup"),
    hangs("hang::hangs_in_teardown"),
    hangs("hang::stops_itself"),
    fine("meddle::prints"),
    fine("meddle::floods_its_output"),
    fine("meddle::closes_its_streams"),
    fine("meddle::leaves_a_child_behind"),
    fine("meddle::forks"),
    fine("meddle::changes_the_directory"),
    fine("meddle::changes_its_affinity"),
    fine("meddle::blocks_all_signals"),
    fine("meddle::lowers_its_limits"),
    fine("meddle::leaks_threads"),
    fine("meddle::blocks_the_global_pool"),
    fine("meddle::survives_a_pool_panic"),
    fine("tasks::survives_a_tasks_panic"),
];

/// Measures the faulty benchmark beside one that behaves.
fn measure(row: &Row) -> Run {
    measure_with(row, &["--exact", "subjects::known::counter"])
}

fn measure_with(row: &Row, others: &[&str]) -> Run {
    let home = tempfile::tempdir().expect("a temporary folder");
    let faulty = format!("subjects::faults::{}", row.name);
    let own = ["--include-ignored", "--timeout", row.timeout, &faulty];
    let arguments = planned("3", "3", "2ms", &[&own, others].concat());
    let output = output(&mut command(home.path(), &arguments));
    Run { output, home }
}

/// Injects one fault and checks everything that must hold.
pub(crate) fn inject(row: &Row) -> Counts {
    let run = measure(row);
    let (out, err) = (run.stdout(), run.stderr());
    let code = if row.ends == Status::Ok { 0 } else { 3 };
    assert_eq!(run.code(), code, "{}:\n{out}\n{err}", row.name);
    let healthy = run.benchmark("known::counter");
    assert_eq!((healthy.status, healthy.points.len()), (Status::Ok, 2));
    let benchmark = run.benchmark(&format!("faults::{}", row.name));
    assert_eq!(benchmark.status, row.ends, "{}:\n{out}\n{err}", row.name);
    match row.ends {
        Status::Ok => assert!(!benchmark.points.is_empty(), "{}: {out}", row.name),
        _ => is_said(row, &benchmark, &out),
    }
    // What was killed takes a moment to end.
    wait_for("end of all processes", Duration::from_secs(10), || {
        of_home(run.home.path()).is_empty()
    });
    Counts::faults(1)
}

fn is_said(row: &Row, benchmark: &Benchmark, table: &str) {
    let failure = benchmark.failure.as_ref().expect("a failure");
    let (text, part) = match row.says.strip_prefix('>') {
        Some(part) => (failure.output.clone().unwrap_or_default(), part),
        None => (failure.message.clone(), row.says),
    };
    assert!(text.contains(part), "{}: {failure:?}", row.name);
    // Wherever its lines break.
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    let shown: String = failure.message.chars().take(20).collect();
    assert!(
        plain(table).contains(&plain(&shown)),
        "the table says it: {table}"
    );
    if row.place {
        let place = failure.place.as_deref().expect("a place");
        assert!(place.contains("faults.rs:"), "{}: {place}", row.name);
    }
}

fn inject_all(rows: &[Row]) -> Counts {
    let mut counts = Counts::default();
    for row in rows {
        counts += inject(row);
    }
    counts
}

/// All of them, in two series at a time: much of it is waiting.
pub(crate) fn whole() -> Counts {
    let mut counts = what_was_measured_before_is_kept();
    std::thread::scope(|scope| {
        // Those that wait for their time limit lie in the middle.
        let (first, second): (Vec<_>, Vec<_>) = ROWS
            .iter()
            .enumerate()
            .partition(|(place, _)| place % 2 == 0);
        for series in [first, second] {
            scope.spawn(move || {
                for (_, row) in series {
                    inject(row);
                }
            });
        }
    });
    counts += Counts::faults(ROWS.len());
    counts
}

fn row(name: &str) -> &'static Row {
    let found = ROWS.iter().find(|row| row.name == name);
    found.unwrap_or_else(|| panic!("no row {name}"))
}

/// The launches before the one that panicked are in the record.
fn what_was_measured_before_is_kept() -> Counts {
    let run = measure(row("panics_in_the_third_launch"));
    let files = std::fs::read_dir(run.home.path().join("runs")).expect("runs");
    let file = files.flatten().next().expect("a run").path();
    let record = scalebench_store::Home::read_run(&file).expect("a record");
    let benchmark = record.benchmarks.iter().find(|each| each.failure.is_some());
    let launches = benchmark.expect("it failed").launches.len();
    assert_eq!(launches, 2);
    Counts::faults(1)
}

// A few of each kind in ordinary runs; `whole_table` in `main.rs` takes them all.

#[test]
fn panics_show_message_and_place() {
    inject_all(&ROWS[..6]);
    what_was_measured_before_is_kept();
}

#[test]
fn what_a_panic_throws_is_dropped_with_care() {
    inject(row("panics_with_a_value_that_panics"));
}

#[test]
fn texts_of_benchmarks_are_cut() {
    for name in ["panics_at_great_length", "writes_on_every_pipe"] {
        let run = measure(row(name));
        assert_eq!(run.code(), 3, "{name}: {}", run.stderr());
        let files = [
            ("report/index.html", 700_000),
            ("report/report.json", 200_000),
        ];
        for (file, most) in files {
            let length = run.home.path().join(file).metadata().expect(file).len();
            assert!(length < most, "{name}: {length} bytes in {file}");
        }
        let shown = run.stdout().len() + run.stderr().len();
        assert!(shown < 20_000, "{name}: {shown} bytes on the terminal");
    }
}

/// The same benchmarks where calls arrive on a schedule, and in this process.
fn inject_elsewhere(name: &str, others: &[&str]) {
    let row = row(name);
    let run = measure_with(row, others);
    assert_eq!(run.code(), 3, "{name} {others:?}: {}", run.stderr());
    let benchmark = run.benchmark(&format!("faults::{}", row.name));
    assert_eq!(benchmark.status, row.ends, "{name} {others:?}");
    is_said(row, &benchmark, &run.stdout());
}

#[test]
fn load_mode_says_the_same() {
    for name in [
        "panics_in_the_call",
        "panics_with_a_value_that_panics",
        "panics_in_a_threads_teardown",
        "aborts",
        "hang::never_returns",
        "tasks::panics_in_a_tasks_teardown",
        "tasks::aborts_in_a_task",
        "tasks::blocks_its_worker",
    ] {
        inject_elsewhere(name, &["--load", "--exact"]);
    }
}

#[test]
fn a_run_in_its_own_process_says_the_same() {
    for name in [
        "panics_in_the_call",
        "panics_with_a_value_that_panics",
        "panics_in_a_threads_teardown",
        "panics_at_great_length",
    ] {
        inject_elsewhere(name, &["--in-process", "--exact"]);
    }
}

#[test]
fn who_aborts_beside_a_daemon_is_not_waited_for() {
    inject(row("aborts_beside_a_daemon"));
}

#[test]
fn processes_that_end_say_how() {
    for name in [
        "aborts",
        "exits_as_if_all_were_well",
        "closes_every_descriptor",
        "too_many_threads",
    ] {
        inject(row(name));
    }
}

#[test]
fn what_never_ends_is_ended() {
    for name in ["hang::deadlocks", "hang::never_returns_at_four"] {
        inject(row(name));
    }
}

#[test]
fn what_meddles_with_its_process_is_measured() {
    for name in [
        "meddle::floods_its_output",
        "meddle::closes_its_streams",
        "meddle::forks",
    ] {
        inject(row(name));
    }
}

#[test]
fn prints_do_not_disturb_and_can_be_seen() {
    let prints = ["--ignored", "faults::meddle::prints"];
    let quiet = bench(&prints);
    assert_eq!(quiet.code(), 0, "{}", quiet.stderr());
    assert!(!quiet.stderr().contains("a line on standard"));
    let loud = run(&[&prints[..], &["--nocapture"]].concat());
    assert!(
        loud.stderr().contains("a line on standard output"),
        "{}",
        loud.stderr()
    );
    assert!(loud.stderr().contains("a line on standard error"));
}

#[test]
fn test_mode_leaves_no_process_behind_either() {
    let run = run(&["--ignored", "faults::meddle::leaves_a_child_behind"]);
    assert_eq!(run.code(), 0, "{}", run.stderr());
    wait_for("end of the child", Duration::from_secs(10), || {
        of_home(run.home.path()).is_empty()
    });
}

/// Most of so many threads have no turn in a window. Whatever is shown, the CPUs can do.
#[test]
fn no_figure_is_beyond_what_the_cpus_can_do() {
    let run = run(&planned(
        "1",
        "3",
        "5ms",
        &["--threads", "1,2048", "--exact", "subjects::known::counter"],
    ));
    assert_eq!(run.code(), 0, "{}", run.stderr());
    let cpus = f64::from(run.report().host.cpus);
    let benchmark = run.benchmark("known::counter");
    let [one, many] = &benchmark.points[..] else {
        panic!("{:?}", benchmark.points);
    };
    let rate = |point: &Point| point.throughput_per_s.estimate;
    let is_shown = !many.flags.contains(&Flag::NotMeasured);
    assert!(
        !is_shown || rate(many) < 2.0 * cpus * rate(one),
        "{many:?} beside {one:?}"
    );
}
