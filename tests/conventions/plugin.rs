//! The criterion plug-in in projects of every criterion version.
//!
//! These download and build five versions of criterion, so they run only when asked for:
//! `cargo test --test it plugin -- --ignored`.

use std::fs;
use std::path::{Path, PathBuf};

use super::project::{cargo_in, write};
use super::run::{ids, run};

/// Package and what its manifest calls `criterion`.
const VERSIONS: [(&str, &str); 5] = [
    ("c05", r#""0.5""#),
    ("c06", r#""0.6""#),
    ("c07", r#""0.7""#),
    ("c08", r#""0.8""#),
    (
        "with-codspeed",
        r#"{ package = "codspeed-criterion-compat", version = "*" }"#,
    ),
];

const BENCH: &str = r#"
use criterion::{criterion_group, criterion_main, Criterion};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

fn existing(criterion: &mut Criterion) {
    criterion.bench_function("existing", |bencher| bencher.iter(|| std::hint::black_box(3u64) + 4));
}

#[scalebench::scale_bench]
fn shared(counter: &AtomicU64, #[values(1, 2)] step: u64) {
    counter.fetch_add(step, Ordering::Relaxed);
}

#[scalebench::scale_bench(ignore)]
fn later() {}

fn sweeps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("closures");
    let counter = AtomicU64::new(0);
    scalebench::criterion_sweep!(group, "count", [1, 2], || counter.fetch_add(1, Ordering::Relaxed));
    scalebench::criterion_sweep!(group, "own", [1, 2], |thread| thread.index(), |own| {
        *own += 1;
        *own
    });
    group.finish();
}

scalebench::criterion_bench!(scaling);
criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(50))
        .measurement_time(Duration::from_millis(100))
        .sample_size(10)
        .nresamples(2000);
    targets = existing, scaling, sweeps
}
criterion_main!(benches);
"#;

/// A bench target that uses the plug-in in a project without criterion.
const WITHOUT: &str = "scalebench::criterion_bench!(scaling);\nfn main() {}\n";

fn projects() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugin");
    let repository = env!("CARGO_MANIFEST_DIR");
    let members: Vec<&str> = VERSIONS
        .iter()
        .map(|(name, _)| *name)
        .chain(["without"])
        .collect();
    let profile = "[profile.bench]\nopt-level = 0\ndebug = false\n[profile.dev]\ndebug = false\n";
    write(
        &folder,
        "Cargo.toml",
        &format!("[workspace]\nresolver = \"2\"\nmembers = {members:?}\n{profile}"),
    );
    for (name, version) in VERSIONS.iter().copied().chain([("without", "")]) {
        let criterion = if version.is_empty() {
            String::new()
        } else {
            format!("criterion = {version}\n")
        };
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[dev-dependencies]\n{criterion}\
             scalebench = {{ path = {repository:?} }}\n[lib]\nbench = false\n\
             [[bench]]\nname = \"mixed\"\nharness = false\n"
        );
        write(&folder, &format!("{name}/Cargo.toml"), &manifest);
        write(&folder, &format!("{name}/src/lib.rs"), "");
        let bench = if version.is_empty() { WITHOUT } else { BENCH };
        write(&folder, &format!("{name}/benches/mixed.rs"), bench);
    }
    folder
}

/// Runs `cargo ARGUMENTS -p PACKAGE -- FLAGS` with results in `results`.
fn cargo(folder: &Path, results: &Path, arguments: &[&str]) -> super::run::Ran {
    let mut command = cargo_in(folder, arguments);
    command
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("CARGO_NET_OFFLINE");
    command
        .env("SCALEBENCH_HOME", results)
        .env("CRITERION_HOME", results.join("criterion"));
    run(&mut command)
}

#[test]
#[ignore = "builds five versions of criterion"]
fn the_plug_in_works_with_every_version_of_criterion() {
    let folder = projects();
    for (name, _) in VERSIONS {
        let results = folder.join("results").join(name);
        let _ = fs::remove_dir_all(&results);
        let ran = cargo(&folder, &results, &["bench", "-p", name]).ended(0);
        for part in [
            "existing",
            "mixed::shared/step=1/threads/2",
            "closures/count/threads/1",
        ] {
            ran.said(part);
        }
        ran.said("threads   latency");
        let expected = [
            "mixed::count",
            "mixed::own",
            "mixed::shared/step=1",
            "mixed::shared/step=2",
        ];
        assert_eq!(ids(&results), expected, "{name}");
        for folder in [
            "existing",
            "mixed__shared_step=1/threads/1",
            "closures/own_threads/2",
        ] {
            let estimates = results
                .join("criterion")
                .join(folder)
                .join("new/estimates.json");
            assert!(estimates.exists(), "{name}: {}", estimates.display());
        }
    }
}

#[test]
#[ignore = "builds criterion"]
fn filters_tests_and_lists_are_criterions() {
    let folder = projects();
    let results = folder.join("results/filters");
    let _ = fs::remove_dir_all(&results);
    let ran = cargo(&folder, &results, &["bench", "-p", "c08", "--", "existing"]).ended(0);
    assert!(!ran.out.contains("latency"), "{}", ran.out);
    let ran = cargo(&folder, &results, &["test", "-p", "c08", "--benches"]).ended(0);
    ran.said("Testing mixed::shared/step=2/threads/2");
    assert!(!ran.out.contains("latency"), "{}", ran.out);
    let ran = cargo(&folder, &results, &["bench", "-p", "c08", "--", "--list"]).ended(0);
    ran.said("mixed::shared/step=1/threads/1: benchmark");
    assert!(!results.join("report").exists());
    let ran = cargo(
        &folder,
        &results,
        &["bench", "-p", "c08", "--", "shared/step=1/threads"],
    );
    ran.ended(0);
    assert_eq!(ids(&results), ["mixed::shared/step=1"]);
}

#[test]
#[ignore = "builds scalebench once more"]
fn without_criterion_the_compiler_names_what_is_missing() {
    let folder = projects();
    let ran = cargo(&folder, &folder, &["bench", "-p", "without", "--no-run"]);
    assert_ne!(ran.code, Some(0));
    ran.warned("could not find `criterion` in the list of imported crates");
    let errors = ran
        .err
        .lines()
        .filter(|line| line.starts_with("error["))
        .count();
    assert_eq!(errors, 1, "{}", ran.err);
}
