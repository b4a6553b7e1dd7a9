//! A bench target without `harness = false`, and one of a crate that promises to work with an old compiler.

use std::path::{Path, PathBuf};

use super::project::{cargo_in, write, write_lock};
use super::run::run;

const BENCH: &str = "
#[scalebench::scale_bench]
fn count(own: &mut u64) { *own += 1; }
scalebench::main!();
";

/// A package with one bench target, `more` of which stands in its `[[bench]]`.
fn package(name: &str, about: &str, more: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2021\"\n{about}[workspace]\n\
         [lib]\nbench = false\n[profile.bench]\nopt-level = 0\ndebug = false\n[profile.dev]\ndebug = false\n\
         [dev-dependencies]\nscalebench = {{ path = {repository:?} }}\n[[bench]]\nname = \"scaling\"\n{more}"
    );
    write(&folder, "Cargo.toml", &manifest);
    write_lock(&folder);
    write(&folder, "src/lib.rs", "");
    write(&folder, "benches/scaling.rs", BENCH);
    folder
}

#[test]
fn under_the_test_harness_the_missing_line_is_named() {
    let folder = package("harnessed", "", "");
    for command in ["bench", "test"] {
        let ran = run(&mut cargo_in(&folder, &[command, "--benches"]));
        assert_ne!(ran.code, Some(0), "{}", ran.out);
        ran.warned("add the line `harness = false`");
        let errors = ran
            .err
            .lines()
            .filter(|line| line.starts_with("error: the test harness"));
        assert_eq!(errors.count(), 1, "{}", ran.err);
    }
}

#[test]
fn a_crate_may_promise_to_work_with_an_old_compiler() {
    let folder = package(
        "promising",
        "rust-version = \"1.56\"\n",
        "harness = false\n",
    );
    if run(&mut cargo_in(&folder, &["clippy", "--version"])).code != Some(0) {
        return;
    }
    run(&mut cargo_in(
        &folder,
        &["clippy", "--benches", "--", "-D", "warnings"],
    ))
    .ended(0);
}
