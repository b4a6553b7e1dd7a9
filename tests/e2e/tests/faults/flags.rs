//! Every flag and variable with values that make no sense: a message and exit code 2, never a panic.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::counts::Counts;
use crate::patience::{no_panic, output};
use crate::run::{command_of, planned};

/// What stands in a help text behind `--`.
fn flags(help: &str) -> Vec<String> {
    let words = help.split(|c: char| c.is_whitespace() || "|,;:.()[]`\"'".contains(c));
    let mut flags: Vec<String> = words
        .filter_map(|word| word.strip_prefix("--"))
        .filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
        .map(|name| name.split('=').next().unwrap_or(name).to_owned())
        .collect();
    flags.sort_unstable();
    flags.dedup();
    flags
}

/// Values that no flag can want, and some that only a few can.
fn values() -> Vec<OsString> {
    let huge = "9".repeat(400);
    let texts = [
        "",
        " ",
        "0",
        "-1",
        "-0",
        "NaN",
        "nan",
        "inf",
        "-inf",
        "1e400",
        "1e-400",
        "0x10",
        "1,",
        ",",
        "1,,2",
        "1;2",
        "99999999999999999999",
        &huge,
        "1 parsec",
        "5%5%",
        "=",
        "--",
        "-",
        "\u{202e}",
        "\n",
        "../x",
        "/",
        "performance=NaN%",
        "performance=-1%",
        "scalability=1e400",
        "performance=,",
    ];
    let mut values: Vec<OsString> = texts.iter().map(OsString::from).collect();
    values.push(OsString::from_vec(vec![0xff, 0xfe, b'x']));
    values
}

/// The program's own help.
fn help(binary: &Path, before: &[&str]) -> String {
    let home = Path::new("/nonexistent");
    let output = output(&mut command_of(
        binary,
        home,
        &[before, &["--help"]].concat(),
    ));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// Runs a command line that may or may not make sense, and answers whether it was refused.
fn try_one(command: &mut Command) -> bool {
    let output = output(command);
    let said = no_panic(&output, command);
    match output.status.code() {
        Some(2) => {
            assert!(
                said.contains("scalebench: ") && said.len() < 4000,
                "{command:?}: {said}"
            );
            true
        }
        Some(0 | 1 | 3 | 4) => false,
        code => panic!("{command:?}: {code:?}: {said}"),
    }
}

/// Every flag of `binary` in each form with every `step`th value, in an empty folder; how many were tried and refused.
fn try_all(binary: &Path, before: &[&str], after: &[&str], step: usize) -> (usize, usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // Some values are paths that a command may write to; they must stay in the folder.
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).expect("writable");
    let (mut tried, mut refused) = (0, 0);
    for flag in flags(&help(binary, before)) {
        let mut forms: Vec<Vec<OsString>> = vec![vec![format!("--{flag}").into()]];
        for value in values().into_iter().rev().step_by(step) {
            let mut joined = OsString::from(format!("--{flag}="));
            joined.push(&value);
            forms.push(vec![joined]);
            forms.push(vec![format!("--{flag}").into(), value]);
        }
        for form in forms {
            let mut command = command_of(binary, folder.path(), before);
            // What stands after comes first, so that a missing value is really missing.
            command.args(after).args(form).current_dir(&inner);
            refused += usize::from(try_one(&mut command));
            tried += 1;
        }
    }
    (tried, refused)
}

fn subjects() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_subjects"))
}

/// The variables that mirror the flags.
fn variables() -> usize {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut tried = 0;
    for flag in flags(&help(subjects(), &[])) {
        let name = format!("SCALEBENCH_{}", flag.to_uppercase().replace('-', "_"));
        for value in values() {
            let mut command = command_of(subjects(), folder.path(), &["--list"]);
            command.env(&name, value);
            try_one(&mut command);
            tried += 1;
        }
    }
    tried
}

/// Values that make sense one by one and are absurd, really measured with.
fn absurd_plans() -> usize {
    let plans: [&[&str]; 9] = [
        &["--window", "1ns"],
        &["--max-time", "1ns"],
        &["--timeout", "1ns"],
        &["--rounds", "4294967295", "--max-time", "1ms"],
        &["--threads", "1000000"],
        &["--threads", "1000000,1"],
        &["--seed", "18446744073709551615"],
        &["--profile-time", "1ns"],
        &["--gate", "performance=0%,scalability=100%"],
    ];
    for plan in plans {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let small = planned("1", "2", "1ms", &["known::counter"]);
        let arguments = [&small[..], plan].concat();
        let refused = try_one(&mut command_of(subjects(), folder.path(), &arguments));
        assert!(!refused, "{plan:?} is a value that may be given");
    }
    plans.len() + endless_plan()
}

/// A plan for thousands of years: its size is no reason to stumble, and an interrupt ends it.
fn endless_plan() -> usize {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let arguments = [
        "--bench",
        "--launches",
        "4294967295",
        "--rounds",
        "4294967295",
        "--max-time",
        "86400s",
        "known::counter",
    ];
    let child = command_of(subjects(), folder.path(), &arguments)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    crate::patience::wait_for("workers", std::time::Duration::from_secs(60), || {
        !crate::processes::workers(folder.path()).is_empty()
    });
    crate::processes::send("-INT", child.id());
    let output = crate::patience::wait(child);
    assert_eq!(
        output.status.code(),
        Some(130),
        "{}",
        no_panic(&output, &arguments)
    );
    1
}

/// `cargo-scalebench`, which lies beside the tests in the target folder; built where it is not there yet.
pub(crate) fn subcommand() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = subjects().parent().expect("a folder");
        let binary = folder.join("cargo-scalebench");
        if !binary.exists() {
            let built = Command::new(env!("CARGO"))
                .args(["build", "--quiet", "-p", "cargo-scalebench", "--target-dir"])
                .arg(folder.parent().expect("the target folder"))
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .status();
            assert!(built.expect("cargo runs").success() && binary.exists());
        }
        binary
    })
}

/// Commands that have nothing to build; the others share their readers of arguments.
const COMMANDS: [&str; 9] = [
    "analyze",
    "import",
    "report",
    "history",
    "gate",
    "export-schema",
    "init",
    "compare",
    "calibrate",
];

fn of_the_subcommand(commands: &[&str]) -> (usize, usize) {
    let mut all = (0, 0);
    for command in commands {
        let (tried, refused) = try_all(subcommand(), &[command], &[], 1);
        all = (all.0 + tried, all.1 + refused);
    }
    all
}

/// Every flag of every program.
pub(crate) fn whole() -> Counts {
    let (tried, refused) = try_all(subjects(), &[], &["--list"], 6);
    assert!(
        refused * 2 > tried,
        "of {tried} only {refused} were refused"
    );
    let (more, _) = of_the_subcommand(&COMMANDS);
    Counts::inputs(tried + more + variables() + absurd_plans())
}

#[test]
fn every_flag_of_a_bench_stands_bad_values() {
    let (tried, refused) = try_all(subjects(), &[], &["--list"], 6);
    assert!(
        tried > 300 && refused * 2 > tried,
        "of {tried} {refused} were refused"
    );
}

#[test]
fn absurd_plans_are_carried_out_or_refused() {
    absurd_plans();
}
