//! The criterion plug-in in projects of every criterion version.
//!
//! Those of other versions than the repository's download and build five of them, so they run only when asked for:
//! `cargo test --test it plugin -- --ignored`.

use std::fs;
use std::path::{Path, PathBuf};

use super::project::{cargo_in, write, write_lock};
use super::run::{Results, ids, run};

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
    let mut group = criterion.benchmark_group("again");
    scalebench::criterion_sweep!(group, "count", [1], || counter.fetch_add(1, Ordering::Relaxed));
    scalebench::criterion_sweep!(group = "again", group, "own", [1], || counter.fetch_add(1, Ordering::Relaxed));
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
        ran.warned("criterion_sweep!(group = ");
        let expected = [
            "mixed::again/own",
            "mixed::count",
            "mixed::count (2)",
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

/// Functions of the kinds that criterion itself has no idea of, and a target that tells what became of their state.
const MORE: &str = r#"
use criterion::{criterion_group, criterion_main, Criterion};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

static MADE: AtomicU64 = AtomicU64::new(0);
static DROPPED: AtomicU64 = AtomicU64::new(0);
static LONGEST: AtomicU64 = AtomicU64::new(0);

struct List(Mutex<Vec<u64>>);

impl List {
    fn new() -> Self {
        MADE.fetch_add(1, Relaxed);
        Self(Mutex::default())
    }
}

impl Drop for List {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Relaxed);
        LONGEST.fetch_max(self.0.get_mut().unwrap().len() as u64, Relaxed);
    }
}

#[scalebench::scale_bench(threads = [1, 2])]
fn grows(#[fresh(List::new())] list: &List, #[fresh(thread.count() as u64)] own: &mut u64) {
    list.0.lock().unwrap().push(*own);
}

#[scalebench::scale_bench(parallel, threads = [1, 2])]
fn pool(#[fresh(7)] own: &mut u64) -> u64 {
    assert!(std::mem::replace(own, 8) >= 7);
    *own
}

#[scalebench::scale_bench(tasks = [1, 4], workers = 2)]
async fn tasks(calls: &AtomicU64, #[with(std::future::ready(thread.index()).await)] own: &mut usize) -> usize {
    calls.fetch_add(1, Relaxed);
    std::future::ready(*own).await
}

#[scalebench::scale_bench(threads = [1, 2])]
async fn workers(#[with(std::future::ready(5).await)] input: u64) -> u64 {
    std::future::ready(input).await
}

fn tells(_: &mut Criterion) {
    println!("lists: {} made, {} dropped, the longest had {}", MADE.load(Relaxed), DROPPED.load(Relaxed), LONGEST.load(Relaxed));
}

scalebench::criterion_bench!(scaling);
criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(20))
        .measurement_time(Duration::from_millis(50))
        .sample_size(10)
        .nresamples(1000);
    targets = scaling, tells
}
criterion_main!(benches);
"#;

/// A project with that target, and criterion as the repository has it: nothing is downloaded.
fn more() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugin-more");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = format!(
        "[package]\nname = \"more\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[lib]\nbench = false\n\
         [profile.bench]\nopt-level = 0\ndebug = false\n\
         [[bench]]\nname = \"more\"\nharness = false\n[dev-dependencies]\n\
         criterion = {{ version = \"0.8\", default-features = false, features = [\"cargo_bench_support\"] }}\n\
         scalebench = {{ path = {repository:?}, features = [\"tokio\"] }}\n"
    );
    write(&folder, "Cargo.toml", &manifest);
    write_lock(&folder);
    write(&folder, "src/lib.rs", "");
    write(&folder, "benches/more.rs", MORE);
    folder
}

/// The numbers in the line that begins with `lists:`.
fn lists(out: &str) -> Vec<u64> {
    let line = out.lines().find(|line| line.starts_with("lists: "));
    let words = line.expect("the line of the lists").split([' ', ',']);
    words.filter_map(|word| word.parse().ok()).collect()
}

#[test]
fn fresh_state_pools_and_async_functions_run_under_criterion() {
    let results = Results::new("plugin-more");
    let folder = more();
    let bench = |flags: &[&str]| {
        let mut command = cargo_in(
            &folder,
            &[&["bench", "--bench", "more", "--"], flags].concat(),
        );
        command.env("SCALEBENCH_HOME", results.folder());
        command.env("CRITERION_HOME", results.folder().join("criterion"));
        run(&mut command).ended(0)
    };
    let ran = bench(&[]);
    for id in [
        "more::grows/threads/2",
        "more::pool/threads/2",
        "more::tasks/tasks/4",
        "more::workers/threads/2",
    ] {
        ran.said(id);
    }
    let expected = ["more::grows", "more::pool", "more::tasks", "more::workers"];
    assert_eq!(results.ids(), expected);
    let [made, dropped, longest] = lists(&ran.out)[..] else {
        panic!("{}", ran.out);
    };
    // At least one for each of 10 samples at both thread counts, and none that all of them filled.
    assert!(made >= 20 && dropped == made, "{made} {dropped}");
    assert!(longest > 10, "{longest}");
    let page = fs::read_to_string(results.folder().join("report/report.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_str(&page).expect("JSON");
    let (tasks, workers) = (&report["benchmarks"][2], &report["benchmarks"][3]);
    assert_eq!(
        (&tasks["axis"], &tasks["workers"]),
        (&"tasks".into(), &2.into())
    );
    assert_eq!(workers["axis"], serde_json::Value::Null);
    for benchmark in [tasks, workers] {
        let points = benchmark["points"].as_array().expect("points");
        let efficiency = |point: &serde_json::Value| point["efficiency"]["estimate"].as_f64();
        assert!(
            points
                .iter()
                .all(|p| efficiency(p).is_some_and(|e| e > 0.0)),
            "{benchmark}"
        );
    }
    // Once at each thread count.
    let tested = bench(&["--test"]);
    tested.said("Testing more::tasks/tasks/4");
    assert_eq!(lists(&tested.out)[..2], [3, 3]);
}
