//! A project that leaves the default features out: what is left works, and what is not says which feature it needs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::project::{cargo_in, write, write_lock};
use super::run::{Results, run};

const PLAIN: &str = r#"
#[scalebench::scale_bench]
fn count(own: &mut u64) { *own += 1; }
scalebench::main!();
"#;

/// What needs a feature when it runs: each of these is refused, and the plain one beside it works.
const REFUSED: &str = r#"
#[scalebench::scale_bench]
fn count(own: &mut u64) { *own += 1; }
#[scalebench::scale_bench(load)]
fn arrive() {}
#[scalebench::scale_bench(processes = [1, 2])]
fn together() {}
scalebench::main!();
"#;

/// What needs a feature, each in a bench of its own, and the sentence that names it.
const NEEDY: [(&str, &str, &str); 2] = [
    (
        "parallel",
        "#[scalebench::scale_bench(parallel)]\nfn together() {}\nscalebench::main!();\n",
        "needs the feature `rayon`",
    ),
    (
        "criterion",
        "scalebench::criterion_bench!(scaling);\nfn main() {}\n",
        "needs the feature `criterion`",
    ),
];

/// The project, with its plain bench built.
fn project() -> &'static Path {
    static PROJECT: OnceLock<PathBuf> = OnceLock::new();
    PROJECT.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lean");
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut manifest = format!(
            "[package]\nname = \"lean\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[lib]\nbench = false\n\
             [profile.bench]\nopt-level = 0\ndebug = false\n\
             [dev-dependencies]\nscalebench = {{ path = {repository:?}, default-features = false }}\n"
        );
        for name in ["plain", "refused"].into_iter().chain(NEEDY.map(|(name, ..)| name)) {
            manifest += &format!("[[bench]]\nname = \"{name}\"\nharness = false\n");
        }
        write(&folder, "Cargo.toml", &manifest);
        write_lock(&folder);
        write(&folder, "src/lib.rs", "");
        write(&folder, "benches/plain.rs", PLAIN);
        write(&folder, "benches/refused.rs", REFUSED);
        for (name, text, _) in NEEDY {
            write(&folder, &format!("benches/{name}.rs"), text);
        }
        folder
    })
}

#[test]
fn a_lean_run_prints_and_stores_and_says_what_draws_the_page() {
    let results = Results::new("lean");
    let bench = |flags: &[&str]| {
        let quick = ["--quick", "--rounds", "3", "--window", "1ms"];
        let arguments = [&["bench", "--bench", "plain", "--"], &quick[..], flags].concat();
        let mut command = cargo_in(project(), &arguments);
        run(command.env("SCALEBENCH_HOME", results.folder()))
    };
    let ran = bench(&[]).ended(0);
    ran.said("plain::count");
    ran.said("`cargo scalebench report` draws the page");
    let runs = fs::read_dir(results.folder().join("runs")).expect("a folder of runs");
    assert_eq!(runs.count(), 1);
    assert!(!results.folder().join("report").exists());
    bench(&["--baseline", "main"])
        .ended(2)
        .warned("`--baseline` needs the feature `compare`");
}

#[test]
fn modes_without_their_feature_are_refused_and_the_rest_runs() {
    let results = Results::new("lean-refused");
    let bench = |flags: &[&str]| {
        let arguments = [&["bench", "--bench", "refused", "--"], flags].concat();
        let mut command = cargo_in(project(), &arguments);
        run(command.env("SCALEBENCH_HOME", results.folder()))
    };
    for (flags, sentence) in [
        (
            &["arrive"][..],
            "`refused::arrive` needs the feature `load`",
        ),
        (
            &["together"],
            "`refused::together` needs the feature `hosts`",
        ),
        (
            &["--test", "arrive"],
            "leave it out with `--skip refused::arrive`",
        ),
        (&["--load"], "`--load` needs the feature `load`"),
        (&["--load", "50/s"], "`--load` needs the feature `load`"),
        (
            &["--schedule", "constant"],
            "`--schedule` needs the feature `load`",
        ),
        (&["--hosts", "a,b"], "`--hosts` needs the feature `hosts`"),
        (
            &["--processes", "1,2"],
            "`--processes` needs the feature `hosts`",
        ),
    ] {
        bench(flags).ended(2).warned(sentence);
    }
    bench(&["--test", "count"])
        .ended(0)
        .said("refused::count ... ok");
    bench(&["--list"]).ended(0).said("refused::arrive");
}

#[test]
fn what_needs_a_feature_names_it() {
    for (name, _, sentence) in NEEDY {
        let mut command = cargo_in(project(), &["bench", "--no-run", "--bench", name]);
        run(&mut command).ended(101).warned(sentence);
    }
}
