//! `layouts [quick] [CASE…]`: whether figures are the same with ScaleBench's own crates at opt-level 0 and 3, over several
//! layouts of the code, of which each favours another loop by chance.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::loops::NAMES;
use super::{Agreement, agreement, named, summary, take};
use crate::report::{self, Report};
use crate::table::{middle, short};

/// What code lies where: how much room is taken up before it, and how blocks within functions are aligned.
#[derive(Debug, Clone, Copy)]
struct Layout {
    /// Multiples of 16 bytes.
    padding: u32,
    /// 2 to this power, bytes; 0 as the compiler likes it.
    blocks: u32,
}

const fn layout(padding: u32, blocks: u32) -> Layout {
    Layout { padding, blocks }
}

const LAYOUTS: [Layout; 10] = [
    layout(0, 0),
    layout(1, 0),
    layout(2, 0),
    layout(3, 0),
    layout(69, 0),
    layout(0, 5),
    layout(1, 5),
    layout(2, 5),
    layout(3, 5),
    layout(69, 5),
];

const QUICK_LAYOUTS: usize = 3;
const QUICK: [&str; 3] = ["spin_100ns", "store_reload", "hash_u64"];

/// Of the loops only these unless told otherwise: ten of 1 ns to 100 µs.
const CHOSEN: [&str; 10] = [
    "spin_1ns",
    "spin_100ns",
    "spin_100us",
    "store_reload",
    "store_reload_chain",
    "chase_l2",
    "instant_now",
    "vec_to_40",
    "hash_u64",
    "copy_64kb",
];

/// So often both sides are measured in alternation, for each layout and loop.
const ALTERNATIONS: usize = 3;

/// The figures must agree within the larger of these.
const SHARE: f64 = 0.01;
const NS: f64 = 0.1;

const CRATES: [&str; 3] = ["scalebench-core", "scalebench-model", "scalebench-store"];
const LEVELS: [u32; 2] = [0, 3];

/// Shows the table.
pub fn show(words: &[String]) {
    let mut words = words.to_vec();
    let (loops, layouts) = if take(&mut words, "quick") {
        (named(QUICK, &words), &LAYOUTS[..QUICK_LAYOUTS])
    } else if words.is_empty() {
        (CHOSEN.to_vec(), &LAYOUTS[..])
    } else {
        (named(NAMES.iter().copied(), &words), &LAYOUTS[..])
    };
    let sides: Vec<[PathBuf; 2]> = layouts
        .iter()
        .map(|layout| LEVELS.map(|level| build(*layout, level)))
        .collect();
    println!(
        "| loop | opt-level 3 | 0 over 3, median of {} layouts | 0 over 3 of each | 3 over 3 of each | 3 over the first layout's 3 | within |\n|{}",
        sides.len(),
        "---|".repeat(7)
    );
    let outcomes = loops.iter().map(|name| compare(name, &sides));
    println!(
        "\n{}",
        summary(&outcomes.collect::<Vec<Agreement>>(), SHARE, NS)
    );
}

/// Builds the loops, and keeps the binary under a name of its own.
fn build(layout: Layout, level: u32) -> PathBuf {
    let mut command = Command::new("cargo");
    command
        .args(["rustc", "--quiet", "--profile", "bench", "--bench", "loops"])
        .args(["--message-format", "json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("COMPARISONS_PADDING", layout.padding.to_string())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    for name in CRATES {
        command.args([
            "--config",
            &format!("profile.bench.package.{name}.opt-level={level}"),
        ]);
    }
    // In one piece, the padding lies before all that it shall move.
    command.args(["--", "-C", "codegen-units=1"]);
    if layout.blocks > 0 {
        let blocks = format!("llvm-args=-align-all-nofallthru-blocks={}", layout.blocks);
        command.args(["-C", &blocks]);
    }
    let output = command.output().expect("cargo");
    assert!(output.status.success(), "{command:?} failed");
    let built = executable(&String::from_utf8_lossy(&output.stdout));
    let folder = report::target().join("layouts");
    std::fs::create_dir_all(&folder).expect("a folder for the binaries");
    let kept = folder.join(format!(
        "loops-{level}-{}-{}",
        layout.padding, layout.blocks
    ));
    std::fs::copy(&built, &kept).expect("room for the binary");
    eprintln!("built {}", kept.display());
    kept
}

/// The bench target among cargo's messages.
fn executable(messages: &str) -> PathBuf {
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let built = messages
        .filter(|message| message["target"]["name"] == "loops")
        .find_map(|message| Some(PathBuf::from(message["executable"].as_str()?)));
    built.expect("cargo says where it is")
}

/// ns a call of one loop.
fn measure(binary: &Path, name: &str) -> Option<f64> {
    let id = format!("loops::{name}");
    let mut command = Command::new(binary);
    command
        .args(["--bench", &id, "--exact", "--threads", "1"])
        .arg("--discard-baseline")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_TARGET_DIR", report::target())
        .env("SCALEBENCH_SESSION", report::session())
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let report = Report::left_by(&mut command);
    let latency = report.latencies().get(&(name.to_owned(), 1)).copied();
    latency.map(|latency| latency.estimate)
}

/// What one layout says of a loop, medians.
struct Outcome {
    /// ns a call at opt-level 3.
    three: f64,
    /// The ratio of opt-level 0 to 3.
    ratio: f64,
    /// The ratio of two runs of the same binary: what the machine does to ratios.
    control: f64,
}

/// Both sides of a layout in alternation, 3 before and after 0.
fn alternate([zero, three]: &[PathBuf; 2], name: &str) -> Option<Outcome> {
    let (mut figures, mut ratios, mut controls) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ALTERNATIONS {
        let turn = [three, zero, three].map(|binary| measure(binary, name));
        if let [Some(before), Some(zero), Some(after)] = turn {
            figures.extend([before, after]);
            ratios.push(2.0 * zero / (before + after));
            controls.push(after / before);
        }
    }
    Some(Outcome {
        three: middle(figures)?,
        ratio: middle(ratios)?,
        control: middle(controls)?,
    })
}

/// Prints a line; says whether the two levels agree.
fn compare(name: &str, sides: &[[PathBuf; 2]]) -> Agreement {
    let outcomes = sides.iter().filter_map(|sides| alternate(sides, name));
    let outcomes: Vec<Outcome> = outcomes.collect();
    let median = |of: fn(&Outcome) -> f64| middle(outcomes.iter().map(of).collect());
    let (ns, ratio) = (median(|it| it.three), median(|it| it.ratio));
    let percent = |ratio: f64| format!("{:+.1} %", 100.0 * (ratio - 1.0));
    let each = |of: &dyn Fn(&Outcome) -> f64| -> String {
        let cells: Vec<String> = outcomes.iter().map(|it| percent(of(it))).collect();
        cells.join(", ")
    };
    let controls: Vec<f64> = outcomes.iter().map(|it| it.control).collect();
    let outcome = agreement(ratio, &controls, ns, SHARE, NS);
    let or_none = |ratio: Option<f64>| ratio.map_or("-".to_owned(), percent);
    println!(
        "| {name} | {} | {} | {} | {} | {} | {} |",
        short(ns),
        or_none(ratio),
        each(&|it| it.ratio),
        each(&|it| it.control),
        each(&|it| it.three / outcomes[0].three),
        outcome.text(),
    );
    outcome
}
