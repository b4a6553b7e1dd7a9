//! Out of memory by the kernel's hand, in a control group that may take little of it.
//!
//! The group is made where this process may: version 2, beside its own group, with the memory controller handed down, as
//! systemd does it for its users. `runs_out_of_memory` (`RLIMIT_AS`) stands where that cannot be.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};

use scalebench_model::data::Status;

use crate::counts::Counts;
use crate::patience::output;
use crate::run::{Run, command_of, planned};

/// Enough for a run, and far less than the faulty benchmark takes.
const MOST_BYTES: &str = "268435456";

/// A control group that goes when this is dropped.
struct Group(PathBuf);

impl Group {
    /// `None` where there are no groups of version 2, or this process may not make one.
    fn make() -> Option<Self> {
        let own = fs::read_to_string("/proc/self/cgroup").ok()?;
        let own = own.lines().find_map(|line| line.strip_prefix("0::/"))?;
        let root = Path::new("/sys/fs/cgroup");
        // Processes may only be in the leaves, so the new one lies beside that of this process.
        let above = root
            .join(own)
            .parent()
            .filter(|up| up.starts_with(root))?
            .to_owned();
        let handed_down = fs::read_to_string(above.join("cgroup.subtree_control")).ok()?;
        if !handed_down.split_whitespace().any(|name| name == "memory") {
            return None;
        }
        let folder = above.join(format!("scalebench-faults-{}", std::process::id()));
        fs::create_dir(&folder).ok()?;
        let group = Self(folder);
        fs::write(group.0.join("memory.max"), MOST_BYTES).ok()?;
        // Absent where nothing swaps.
        let _ = fs::write(group.0.join("memory.swap.max"), "0");
        Some(group)
    }

    /// Whether a process may be moved into it.
    fn may_be_entered(&self) -> bool {
        let enter = ["-c", "echo $$ >\"$0\" 2>/dev/null"];
        let list = self.0.join("cgroup.procs");
        let tried = std::process::Command::new("sh")
            .args(enter)
            .arg(list)
            .status();
        tried.is_ok_and(|status| status.success())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Its last process may still be ending; an empty group that stays harms nobody.
        let _ = fs::remove_dir(&self.0);
    }
}

/// The kernel ends the worker, which took the memory, and the run goes on.
pub(crate) fn whole() -> Counts {
    let Some(group) = Group::make().filter(Group::may_be_entered) else {
        println!(
            "memory: no control group of version 2 can be made here, so a limit on addresses stands for it"
        );
        return Counts::default();
    };
    let home = tempfile::tempdir().expect("a temporary folder");
    let subjects = env!("CARGO_BIN_EXE_subjects");
    let enter = "echo $$ >\"$GROUP/cgroup.procs\" && exec \"$0\" \"$@\"";
    let names = [
        "--include-ignored",
        "known::counter",
        "faults::runs_out_of_memory",
    ];
    let plan = planned("1", "3", "1ms", &names);
    let arguments = [&["-c", enter, subjects][..], &plan].concat();
    let output =
        output(command_of(Path::new("sh"), home.path(), &arguments).env("GROUP", &group.0));
    let run = Run { output, home };
    assert_eq!(run.code(), 3, "{}", run.stderr());
    assert_eq!(run.benchmark("known::counter").status, Status::Ok);
    let starved = run.benchmark("faults::runs_out_of_memory");
    let failure = starved.failure.expect("it failed");
    assert!(failure.message.contains("SIGKILL"), "{failure:?}");
    Counts::faults(1)
}

#[test]
fn memory_that_the_kernel_takes_back_ends_one_benchmark() {
    whole();
}
