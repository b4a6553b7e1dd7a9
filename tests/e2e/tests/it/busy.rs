//! Beside processes that keep every CPU busy. What is asked for here follows from their being there, not from how fast anything is.

use std::process::{Child, Command, Stdio};

use scalebench_model::data::Run as Record;

use crate::run::{Run, bench};
use crate::tries::in_three_tries;

/// Two busy processes for each CPU, ended when dropped.
struct Neighbours(Vec<Child>);

impl Neighbours {
    fn new() -> Self {
        let cpus = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let start = |_| {
            Command::new("sh")
                .args(["-c", "while :; do :; done"])
                .stdin(Stdio::null())
                .spawn()
                .expect("a busy process")
        };
        Self((0..2 * cpus).map(start).collect())
    }
}

impl Drop for Neighbours {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Whether the system lets this process run before others: `nice` complains where it does not.
fn is_allowed() -> bool {
    let nice = Command::new("nice").args(["-n", "-10", "true"]).output();
    nice.is_ok_and(|nice| nice.status.success() && nice.stderr.is_empty())
}

/// Whether any launch had its priority raised, which the page and the terminal say.
fn raised(run: &Run) -> bool {
    let file = std::fs::read_dir(run.home.path().join("runs"))
        .expect("runs")
        .next()
        .expect("one")
        .expect("readable");
    let record: Record =
        serde_json::from_slice(&std::fs::read(file.path()).expect("readable")).expect("a run");
    let mut launches = record.benchmarks.iter().flat_map(|b| &b.launches);
    let raised = launches.any(|launch| launch.raised_priority);
    let said = |warning: &String| warning.contains("niceness");
    assert_eq!(run.report().warnings.iter().any(said), raised);
    raised
}

#[test]
#[cfg(target_os = "linux")]
fn only_calls_that_wait_for_nobody_run_before_busy_processes() {
    in_three_tries(|| {
        let neighbours = Neighbours::new();
        let private = bench(&["known::counter"]);
        assert_eq!(raised(&private), is_allowed());
        let flags = private.benchmark("known::counter").points;
        assert!(
            flags.iter().all(|point| !point.flags.is_empty()),
            "{flags:?}"
        );
        assert!(!raised(&bench(&["known::counter", "--no-priority"])));
        assert!(
            !raised(&bench(&["known::free_wait"])),
            "it may wait for them"
        );
        drop(neighbours);
    });
}
