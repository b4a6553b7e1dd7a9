//! Ctrl-C and worse, at the wrong moment.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::project::{BEFORE, Ended, Project, SLOWER};

/// A bound on waiting, not a measurement: far beyond what it takes.
pub(super) fn wait_for(what: &str, is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(300), "no {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn start(project: &Project, flags: &[&str]) -> Child {
    let mut command = project.command(&[&["compare", BEFORE, "--"], flags].concat());
    let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    piped.spawn().expect("it starts")
}

pub(super) fn send(signal: &str, child: &Child) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args([signal, &id]).status();
    assert!(sent.expect("kill runs").success());
}

/// Whether a worktree of `project` is there.
fn has_worktree(project: &Project) -> bool {
    project.git(&["worktree", "list"]).lines().count() > 1
}

#[test]
fn an_interrupt_while_measuring_shows_what_there_is_and_cleans_up() {
    let project = Project::new();
    let state = project.state();
    let child = start(
        &project,
        &["--launches", "200", "--rounds", "3", "--max-time", "600"],
    );
    let lock = project.home().join("lock");
    // The bench binary takes it, and then measures.
    wait_for("measuring", || lock.exists());
    std::thread::sleep(Duration::from_secs(5));
    assert!(has_worktree(&project));
    send("-INT", &child);
    let Ended { out, err, .. } = Ended::from(child.wait_with_output().expect("it ends")).with(130);
    assert!(out.contains("naps::nap"), "{out}\n{err}");
    assert_eq!(project.state(), state);
    assert_eq!(project.left_behind(), ["lock", "target"]);
}

#[test]
fn an_interrupt_while_building_cleans_up() {
    let project = Project::new();
    // A build script that would take minutes: the interrupt comes while cargo waits for it.
    let sleep = "fn main() {
        std::fs::write(\"building\", \"\").unwrap();
        std::thread::sleep(std::time::Duration::from_secs(600))
    }";
    project.write("build.rs", sleep);
    project.commit("slow-build");
    let state = project.state();
    let mut command = project.command(&["compare", "slow-build", BEFORE]);
    let mut child = command.stderr(Stdio::null()).spawn().expect("it starts");
    let folder = project.home().join("compare/worktrees");
    let building = || {
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.path())
            .any(|path| path.join("building").exists())
    };
    wait_for("building", building);
    assert!(has_worktree(&project));
    send("-TERM", &child);
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert_eq!(project.state(), state);
    assert_eq!(project.left_behind(), ["lock", "target"]);
}

/// `nohup` makes what it starts ignore hangups; this shell does the same and leaves the streams alone.
#[cfg(target_os = "linux")]
#[test]
fn a_comparison_under_nohup_goes_on_when_its_terminal_closes() {
    let project = Project::new();
    let compare = project.command(&["compare", BEFORE, "--", "--launches", "8", "--rounds", "3"]);
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' HUP; exec \"$@\"", "sh"])
        .arg(compare.get_program())
        .args(compare.get_args())
        .current_dir(project.path());
    for (name, value) in compare.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = piped.spawn().expect("a shell");
    wait_for("measuring", || project.home().join("lock").exists());
    send("-HUP", &child);
    let Ended { out, err, .. } = Ended::from(child.wait_with_output().expect("it ends")).with(0);
    assert!(!out.contains("interrupted"), "{out}\n{err}");
    // It has a verdict, which takes all of the launches.
    assert_eq!(project.nap().scope, "8 launches");
    assert!(project.nap().change.is_some(), "{out}\n{err}");
}

#[test]
fn what_a_killed_comparison_left_does_not_stand_in_the_way() {
    let project = Project::new();
    let mut child = start(&project, &["--launches", "200", "--max-time", "600"]);
    wait_for("measuring", || project.home().join("lock").exists());
    send("-KILL", &child);
    child.wait().expect("it ends");
    assert!(has_worktree(&project));
    // Its bench binary did not hear of it.
    let of_home = format!("SCALEBENCH_HOME={}\0", project.home().display());
    end_orphans(&of_home);
    // Another revision's worktree has another name.
    project.compare(&[SLOWER]).with(0);
    assert!(!has_worktree(&project));
}

/// Ends the processes whose environment holds `mark`.
fn end_orphans(mark: &str) {
    let of = |process: &Path| -> String {
        let bytes = fs::read(process.join("environ")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    for process in fs::read_dir("/proc").expect("a /proc").flatten() {
        if of(&process.path()).contains(mark) {
            let id = process.file_name();
            let _ = Command::new("kill").arg("-KILL").arg(id).status();
        }
    }
}
