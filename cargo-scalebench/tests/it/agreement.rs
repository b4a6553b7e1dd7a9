//! A hand-written thread sweep of criterion's, imported, against our own measurement of the same functions.
//!
//! Builds criterion and measures for a minute, on a machine that should be quiet:
//! `cargo test -p cargo-scalebench --test it agreement -- --ignored --nocapture`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use scalebench_model::report::{Point, Report};

const MANIFEST: &str = r#"
[package]
name = "agreement"
version = "0.0.0"
edition = "2024"
[workspace]
[dev-dependencies]
criterion = { version = "0.8", default-features = false }
scalebench = { path = "@REPOSITORY@" }
[[bench]]
name = "by_hand"
harness = false
[[bench]]
name = "native"
harness = false
"#;

/// The functions under measurement: nothing shared, and a lock held for a part of each call.
const LIBRARY: &str = r#"
use std::sync::Mutex;

pub fn private(state: &mut u64) -> u64 {
    for _ in 0..400 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).rotate_left(17) ^ 1;
    }
    *state
}

pub fn locked(lock: &Mutex<u64>, state: &mut u64) -> u64 {
    let mut sum = 0;
    for _ in 0..20 {
        sum ^= private(state);
    }
    private(&mut lock.lock().unwrap()) ^ sum
}
"#;

const BY_HAND: &str = r#"
use std::sync::{Barrier, Mutex};
use std::time::{Duration, Instant};

use agreement::{locked, private};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

/// As people write it: every thread makes all iterations, behind a barrier; the slowest counts.
fn sweep(criterion: &mut Criterion, name: &str, call: impl Fn(&mut u64) -> u64 + Sync) {
    let mut group = criterion.benchmark_group(name);
    for threads in [1, 2] {
        group.bench_function(BenchmarkId::new("threads", threads), |bencher| {
            bencher.iter_custom(|iterations| {
                let barrier = Barrier::new(threads);
                let run = |index: usize| {
                    let mut state = index as u64 + 1;
                    barrier.wait();
                    let begin = Instant::now();
                    for _ in 0..iterations {
                        std::hint::black_box(call(&mut state));
                    }
                    begin.elapsed()
                };
                std::thread::scope(|scope| {
                    let run = &run;
                    let all: Vec<_> = (0..threads).map(|index| scope.spawn(move || run(index))).collect();
                    all.into_iter().map(|thread| thread.join().unwrap()).max().unwrap()
                })
            });
        });
    }
    group.finish();
}

fn sweeps(criterion: &mut Criterion) {
    sweep(criterion, "native::private", private);
    let lock = Mutex::new(1);
    sweep(criterion, "native::locked", |state| locked(&lock, state));
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4));
    targets = sweeps
}
criterion_main!(benches);
"#;

const NATIVE: &str = r#"
use std::sync::Mutex;

#[scalebench::scale_bench(threads = [1, 2])]
fn private(#[with(thread.index() as u64 + 1)] state: &mut u64) -> u64 {
    agreement::private(state)
}

#[scalebench::scale_bench(threads = [1, 2])]
fn locked(lock: &Mutex<u64>, #[with(thread.index() as u64 + 1)] state: &mut u64) -> u64 {
    agreement::locked(lock, state)
}

scalebench::main!();
"#;

fn project() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("agreement");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace");
    let manifest = MANIFEST.replace("@REPOSITORY@", &repository.display().to_string());
    for (path, text) in [
        ("Cargo.toml", manifest.as_str()),
        ("src/lib.rs", LIBRARY),
        ("benches/by_hand.rs", BY_HAND),
        ("benches/native.rs", NATIVE),
    ] {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }
    folder
}

fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().expect("it starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

fn cargo(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(folder).args(arguments);
    command.env("CARGO_TARGET_DIR", folder.join("target"));
    command.env("SCALEBENCH_HOME", folder.join("results"));
    run(&mut command);
}

fn points<'a>(report: &'a Report, id: &str) -> &'a [Point] {
    let found = report
        .benchmarks
        .iter()
        .find(|benchmark| benchmark.id == id);
    &found.unwrap_or_else(|| panic!("no {id}")).points
}

#[test]
#[ignore = "measures for a minute"]
fn a_sweep_by_hand_and_our_own_measurement_agree() {
    let folder = project();
    cargo(&folder, &["bench", "--bench", "by_hand"]);
    cargo(&folder, &["bench", "--bench", "native"]);
    let json = fs::read(folder.join("results/report/report.json")).expect("a report");
    let native: Report = serde_json::from_slice(&json).expect("a report");
    let mut import = Command::new(env!("CARGO_BIN_EXE_cargo-scalebench"));
    import
        .current_dir(&folder)
        .args(["import", "criterion", "target/criterion", "--json"]);
    import.env("SCALEBENCH_HOME", folder.join("imported"));
    let imported: Report = serde_json::from_slice(&run(&mut import)).expect("a report");
    for id in ["native::private", "native::locked"] {
        let (ours, theirs) = (points(&native, id), points(&imported, id));
        let latency = theirs[0].latency_ns.estimate / ours[0].latency_ns.estimate;
        let efficiency = |points: &[Point]| points[1].efficiency.expect("a point at 1").estimate;
        let (ours, theirs) = (efficiency(ours), efficiency(theirs));
        println!("{id}: latency x{latency:.4}, efficiency {ours:.4} and {theirs:.4}");
        assert!((latency - 1.0).abs() < 0.03, "{id}: {latency}");
        assert!((theirs - ours).abs() < 0.05, "{id}: {ours} and {theirs}");
    }
}
