//! Under a CPU quota (control groups): time in which it stopped the threads is no time of the calls.
//!
//! The bounds are ratios to the same benchmark without a quota, and far from what would come out were that time counted: twice to
//! four times as long under half a CPU.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use scalebench_model::report::{Benchmark, Report};

use crate::run::{Run, command_of, planned};
use crate::tries::in_three_tries;

/// A control group of version 1 that goes when this is dropped.
struct Group(PathBuf);

impl Group {
    /// `None` where there are no such groups, or this process may not make one.
    fn make(name: &str) -> Option<Self> {
        let root = Path::new("/sys/fs/cgroup/cpu");
        let folder = root.join(format!("scalebench-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).ok()?;
        let group = Self(folder);
        fs::write(group.0.join("cpu.cfs_quota_us"), "-1").ok()?;
        fs::write(group.0.join("cpu.cfs_period_us"), "100000").ok()?;
        Some(group)
    }

    fn allow(&self, cpus: f64) {
        let quota = format!("{:.0}", 100_000.0 * cpus);
        fs::write(self.0.join("cpu.cfs_quota_us"), quota).expect("a quota");
    }

    /// Runs the subjects in it.
    fn run(&self) -> Run {
        let home = tempfile::tempdir().expect("a temporary folder");
        let enter = "echo $$ >\"$GROUP/cgroup.procs\" && exec \"$0\" \"$@\"";
        let plan = planned("3", "10", "10ms", &["--threads", "1,2", "--exact", SPIN]);
        let arguments = [&["-c", enter, env!("CARGO_BIN_EXE_subjects")][..], &plan].concat();
        let output = command_of(Path::new("sh"), home.path(), &arguments)
            .env("GROUP", &self.0)
            .output()
            .expect("it runs");
        Run { output, home }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Its last process may still be ending; an empty group that stays harms nobody.
        let _ = fs::remove_dir(&self.0);
    }
}

/// Shares nothing, and computes all the time.
const SPIN: &str = "subjects::known::free_spin";

fn latencies(benchmark: &Benchmark) -> [f64; 2] {
    [1, 2].map(|n| {
        let point = benchmark.points.iter().find(|point| point.threads == n);
        point.expect("measured").latency_ns.estimate
    })
}

fn says_quota(report: &Report) -> bool {
    report
        .warnings
        .iter()
        .any(|warning| warning.contains("quota"))
}

#[test]
fn time_under_a_quota_is_no_time_of_the_calls() {
    in_three_tries(under_a_quota);
}

fn under_a_quota() {
    let Some(group) = Group::make("quota") else {
        println!("no control group can be made here: nothing was tried under a quota");
        return;
    };
    let free = group.run();
    assert!(!says_quota(&free.report()));
    let free = latencies(&free.benchmark("known::free_spin"));
    for cpus in [1.5, 1.2, 0.5] {
        group.allow(cpus);
        let limited = group.run();
        assert!(says_quota(&limited.report()), "{cpus}");
        let limited = latencies(&limited.benchmark("known::free_spin"));
        for (free, limited) in free.iter().zip(limited) {
            let ratio = limited / free;
            assert!((0.6..1.6).contains(&ratio), "{cpus} CPUs: {ratio}");
        }
    }
}

#[test]
fn a_quota_that_begins_in_the_middle_is_noticed() {
    in_three_tries(from_the_middle_on);
}

fn from_the_middle_on() {
    let Some(group) = Group::make("later") else {
        println!("no control group can be made here: nothing was tried under a quota");
        return;
    };
    let free = latencies(&group.run().benchmark("known::free_spin"));
    let limited = std::thread::scope(|scope| {
        let run = scope.spawn(|| group.run());
        std::thread::sleep(Duration::from_millis(400));
        group.allow(0.5);
        run.join().expect("no panic")
    });
    assert!(says_quota(&limited.report()));
    for (free, limited) in free
        .iter()
        .zip(latencies(&limited.benchmark("known::free_spin")))
    {
        let ratio = limited / free;
        assert!((0.6..1.6).contains(&ratio), "{ratio}");
    }
}
