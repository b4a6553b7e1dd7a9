//! Links, hosts, filters and interrupts that a comparison must withstand. None of it builds anything.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};

use super::interrupt::{send, wait_for};
use super::project::{Ended, Project, ended};

const MANIFEST: &str = r#"
[package]
name = "compared"
version = "0.0.0"
edition = "2024"
[[bench]]
name = "naps"
harness = false
[dev-dependencies]
"#;

const NAPS: &str = "scalebench::main!();\n";

/// The tag of the revision before the first benchmark.
const WITHOUT: &str = "without";

/// A project that has had its benchmarks since its second commit.
fn adopted() -> Project {
    let project = Project::bare(MANIFEST);
    let manifest = fs::read_to_string(project.path().join("Cargo.toml")).expect("readable");
    let plain =
        "[workspace]\n[package]\nname = \"compared\"\nversion = \"0.0.0\"\nedition = \"2024\"\n";
    project.write("Cargo.toml", plain);
    project.write("src/lib.rs", "");
    project.commit(WITHOUT);
    project.write("Cargo.toml", &manifest);
    project.write("benches/naps.rs", NAPS);
    project.commit("with");
    project
}

#[test]
fn a_revision_before_the_first_benchmark_is_told() {
    let project = adopted();
    let state = project.state();
    for arguments in [
        &["HEAD~1"][..],
        &["HEAD~1", "HEAD"],
        &["HEAD~1", "--bench", "naps"],
    ] {
        let told = project.compare(arguments).with(2);
        told.warned("HEAD~1 has no ScaleBench benchmarks yet: nothing to compare with");
        assert!(!told.err.contains("building"), "{}", told.err);
    }
    assert_eq!(project.state(), state);
    assert_eq!(project.left_behind(), ["lock", "target"]);
}

#[test]
fn folders_behind_links_are_neither_written_nor_removed() {
    let project = adopted();
    let outside = project.path().with_file_name("outside");
    let precious = outside.join("x/precious");
    fs::create_dir_all(outside.join("x")).expect("made");
    fs::write(&precious, "precious").expect("writable");
    for place in ["compare/worktrees", "compare/programs", "compare"] {
        let link = project.home().join(place);
        if place == "compare" {
            fs::remove_dir_all(&link).expect("removed");
        }
        symlink(&outside, &link).expect("linked");
        let told = project.compare(&[WITHOUT]).with(4);
        told.warned(link.to_str().expect("text"));
        assert_eq!(fs::read(&precious).expect("there"), b"precious");
        assert_eq!(fs::read_dir(&outside).expect("there").count(), 1);
        fs::remove_file(link).expect("it is still the link");
    }
}

#[test]
fn a_worktree_of_the_user_behind_a_link_stays() {
    let project = adopted();
    let theirs = project.path().with_file_name("theirs");
    let name = theirs.to_str().expect("text");
    project.git(&["worktree", "add", "--quiet", "--detach", name]);
    fs::write(theirs.join("precious"), "not committed").expect("writable");
    let worktrees = project.home().join("compare/worktrees");
    fs::create_dir_all(&worktrees).expect("made");
    symlink(&theirs, worktrees.join("x")).expect("linked");
    let state = project.state();
    project.compare(&[WITHOUT]).with(2);
    assert_eq!(project.state(), state);
    assert_eq!(
        fs::read(theirs.join("precious")).expect("there"),
        b"not committed"
    );
    assert!(worktrees.join("x").exists());
}

#[test]
fn a_submodule_on_a_silent_host_is_not_asked_for() {
    let project = adopted();
    let host = TcpListener::bind("127.0.0.1:0").expect("a port");
    host.set_nonblocking(true).expect("no waiting");
    let url = format!("git://{}/x", host.local_addr().expect("bound"));
    let module = format!("[submodule \"sub\"]\n\tpath = sub\n\turl = {url}\n");
    project.write(".gitmodules", &module);
    let commit = project.git(&["rev-parse", "HEAD"]);
    let entry = format!("160000,{},sub", commit.trim());
    project.git(&["add", ".gitmodules"]);
    project.git(&["update-index", "--add", "--cacheinfo", &entry]);
    // So that nothing is built.
    project.write("Cargo.toml", "no manifest");
    project.git(&["add", "Cargo.toml"]);
    project.git(&["commit", "--quiet", "--message", "sub"]);
    let told = project.compare(&["HEAD"]).with(2);
    told.warned("submodule \"sub\"");
    let connected = host.accept().map_err(|error| error.kind());
    assert_eq!(connected.err(), Some(std::io::ErrorKind::WouldBlock));
}

#[test]
fn all_that_git_says_of_an_owner_is_shown() {
    let project = adopted();
    let mut command = project.command(&["compare", WITHOUT]);
    // git's own way to test this.
    let told = ended(command.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")).with(2);
    told.warned("dubious ownership");
    told.warned("git config --global --add safe.directory");
}

/// A script in place of a program; it says by a file that it was started.
fn script(project: &Project, name: &str, text: &str) -> (String, std::path::PathBuf) {
    let file = project.path().with_file_name(name);
    let started = project.path().with_file_name(format!("{name}-was-started"));
    fs::write(
        &file,
        format!("#!/bin/sh\ntouch '{}'\n{text}\n", started.display()),
    )
    .expect("writable");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("executable");
    (file.to_str().expect("text").to_owned(), started)
}

/// Interrupts `compare` as often as it takes once `started` is there.
fn interrupted(mut command: Command, started: &std::path::Path, times: usize) -> Ended {
    let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = piped.spawn().expect("it starts");
    wait_for("start", || started.exists());
    for _ in 0..times {
        send("-INT", &child);
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    child.wait_with_output().expect("it ends").into()
}

#[test]
fn an_interrupt_while_cargo_is_asked_is_no_missing_project() {
    let project = adopted();
    let (cargo, started) = script(&project, "cargo", "exec sleep 600");
    let state = project.state();
    let commands: [(&[&str], bool); 3] = [
        // Of its folder, of a revision, and of the home, where the names might be those of stored runs.
        (&["compare", WITHOUT], false),
        (&["compare", WITHOUT], true),
        (&["compare", WITHOUT, "with"], false),
    ];
    for (arguments, has_home) in commands {
        let mut command = project.command(arguments);
        command.env("CARGO", &cargo);
        if !has_home {
            command.env_remove("SCALEBENCH_HOME");
        }
        let told = interrupted(command, &started, 1).with(130);
        assert!(!told.err.contains("no project"), "{}", told.err);
        fs::remove_file(&started).expect("it was started");
        assert_eq!(project.state(), state);
    }
    assert_eq!(project.left_behind(), ["lock", "target"]);
}

#[test]
fn an_interrupt_ends_a_filter_that_will_not_end() {
    let project = adopted();
    let (filter, started) = script(&project, "filter", "trap '' INT TERM; sleep 600");
    project.write(".gitattributes", "src/lib.rs filter=slow\n");
    project.commit("filtered");
    project.git(&["config", "filter.slow.smudge", &filter]);
    let state = project.state();
    let told = interrupted(
        project.command(&["compare", "filtered", WITHOUT]),
        &started,
        2,
    )
    .with(130);
    told.warned("your filter \"slow\"");
    assert_eq!(project.state(), state);
    assert_eq!(project.left_behind(), ["lock", "target"]);
}

#[test]
fn an_interrupt_ends_the_wait_for_another_comparison() {
    let project = adopted();
    let lock = scalebench_store::Home::at(project.home().join("compare"));
    let _lock = lock.lock(|_| ()).expect("locked");
    let mut command = project.command(&["compare", WITHOUT]);
    let mut child = command.stderr(Stdio::piped()).spawn().expect("it starts");
    let told = BufReader::new(child.stderr.take().expect("piped"));
    let mut lines = told.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("waiting for another comparison")));
    send("-INT", &child);
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}
