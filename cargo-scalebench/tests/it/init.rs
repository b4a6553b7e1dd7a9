//! `cargo scalebench init` as a process, in a project that is then run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn project() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("init");
    // Nothing is there the first time.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src")).expect("writable");
    fs::write(folder.join("src/lib.rs"), "//! A library.\n").expect("writable");
    // The profile of the workspace that tests cargo's conventions, so that its builds serve here too.
    let manifest = "[package]\nname = \"init\" # kept\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
                    [profile.bench]\nopt-level = 0\ndebug = false\n";
    fs::write(folder.join("Cargo.toml"), manifest).expect("writable");
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock")).expect("copied");
    folder
}

fn run(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().expect("it starts");
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

fn init(folder: &Path, path: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-scalebench"));
    run(command
        .current_dir(folder)
        .args(["scalebench", "init", "--path", path]))
}

#[test]
fn the_first_bench_runs_and_a_second_init_is_refused() {
    let folder = project();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace");
    let path = repository.to_str().expect("UTF-8");
    let (code, said) = init(&folder, path);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("Now run `cargo bench --bench scaling`"),
        "{said}"
    );
    let flags = ["bench", "--", "--quick", "--rounds", "3", "--window", "1ms"];
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(&folder)
        .args(flags)
        .env("CARGO_NET_OFFLINE", "true");
    cargo.env(
        "CARGO_TARGET_DIR",
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("conventions-target"),
    );
    cargo.env("SCALEBENCH_HOME", folder.join("results"));
    let (code, said) = run(&mut cargo);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("scaling::insert"), "{said}");
    let before = fs::read_to_string(folder.join("Cargo.toml")).expect("there");
    let (code, said) = init(&folder, path);
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("exists already; nothing was changed"),
        "{said}"
    );
    assert_eq!(
        fs::read_to_string(folder.join("Cargo.toml")).expect("there"),
        before
    );
}

#[test]
fn outside_of_a_package_it_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, said) = init(folder.path(), ".");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("there is no cargo package here"), "{said}");
}
