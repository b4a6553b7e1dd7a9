//! Both ends of the worker protocol against one that lies: a message, never a panic, and no wait without end.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::counts::{Counts, Random};
use crate::patience::{no_panic, output, wait};
use crate::run::{command, planned};

/// Kinds of lies that `liar` knows, and one more: to end without a word.
const LIES: usize = 30;

/// A coordinator beside a liar in place of the other revision, which lies after `good` good replies.
/// Returns what was said on standard error.
fn lie_to_the_coordinator(kind: usize, good: usize) -> String {
    let home = tempfile::tempdir().expect("a temporary folder");
    let liar = home.path().join(format!("liar@{kind}@{good}"));
    link_or_copy(env!("CARGO_BIN_EXE_liar").as_ref(), &liar);
    let liar = liar.to_str().expect("text").to_owned();
    let arguments = planned(
        "1",
        "2",
        "1ms",
        &[
            "--threads",
            "1",
            "--timeout",
            "2",
            "--against",
            &liar,
            "--exact",
            "subjects::known::counter",
        ],
    );
    let output = output(&mut command(home.path(), &arguments));
    let said = no_panic(&output, &(kind, good));
    // Refused at once, or the old side failed and the new one was measured alone, or the lie was good enough.
    assert!(
        matches!(output.status.code(), Some(0 | 2 | 3)),
        "{kind}, {good}: {said}"
    );
    let report = std::fs::read_to_string(home.path().join("report/report.json"));
    if let Ok(report) = report {
        let parsed: Result<scalebench_model::report::Report, _> = serde_json::from_str(&report);
        assert!(parsed.is_ok(), "{kind}, {good}: {report}");
    }
    said
}

fn link_or_copy(from: &Path, to: &Path) {
    // `current_exe` must name the new file, so a symbolic link would not do.
    if std::fs::hard_link(from, to).is_err() {
        std::fs::copy(from, to).expect("a copy");
    }
}

/// What a real coordinator would say, from the first order to the last.
const ORDERS: [&str; 7] = [
    r#"{"hello":{"protocol":3}}"#,
    r#"{"list":{}}"#,
    r#"{"evaluate":{"function":"subjects::known::with_values"}}"#,
    r#"{"prepare":{"id":"subjects::known::counter","max_threads":2,"placement":[],"cpus":2}}"#,
    r#""size""#,
    r#"{"window":{"round":0,"threads":2,"window_ns":1000000,"kind":"measured"}}"#,
    r#""finish""#,
];

/// Values that make no sense in an order.
const STRANGE: [&str; 12] = [
    "0",
    "-1",
    "4294967295",
    "4294967296",
    "18446744073709551615",
    "1e999",
    "null",
    "\"x\"",
    "[]",
    "{}",
    "[4294967295]",
    "\"\\u0000\"",
];

/// A real worker under a coordinator whose orders are damaged from some point on.
fn lie_to_a_worker(random: &mut Random) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let mut worker = command(home.path(), &[])
        .env("SCALEBENCH_WORKER", "stdio")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let damaged = random.below(ORDERS.len());
    let mut pipe = worker.stdin.take().expect("a pipe");
    let mut said = Vec::new();
    for (place, order) in ORDERS.iter().enumerate() {
        let mut line = order.as_bytes().to_vec();
        if place >= damaged {
            damage(&mut line, random);
        }
        line.push(b'\n');
        said.extend_from_slice(&line);
        // It may have given up, as it should.
        let _ = pipe.write_all(&line);
    }
    drop(pipe);
    let output = wait(worker);
    let text = String::from_utf8_lossy(&said);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() != Some(101), "{text}\n{error}");
}

fn damage(line: &mut Vec<u8>, random: &mut Random) {
    match random.below(5) {
        0 => line.truncate(random.below(line.len())),
        1 => {
            let place = random.below(line.len());
            line[place] ^= 1 << random.below(8);
        }
        2 => line.extend(b"\xff\xfe{"),
        _ => {
            let text = String::from_utf8_lossy(line).into_owned();
            let parts: Vec<&str> = text.split(':').collect();
            let strange = *random.pick(&STRANGE);
            if parts.len() < 2 {
                // An order that is only a word.
                *line = strange.as_bytes().to_vec();
                return;
            }
            let at = 1 + random.below(parts.len() - 1);
            let rest = parts[at]
                .find([',', '}'])
                .map_or("", |end| &parts[at][end..]);
            let value = format!("{strange}{rest}");
            let mut changed: Vec<&str> = parts.clone();
            changed[at] = &value;
            *line = changed.join(":").into_bytes();
        }
    }
}

fn worker_series(count: usize, seed: u64) -> Counts {
    let mut random = Random::new(seed);
    for _ in 0..count {
        lie_to_a_worker(&mut random);
    }
    Counts::inputs(count)
}

/// Every lie at every point, and some hundreds of damaged conversations the other way.
pub(crate) fn whole() -> Counts {
    let mut count = 0;
    for kind in 0..LIES {
        for good in [0, 1, 2, 3, 4] {
            lie_to_the_coordinator(kind, good);
            count += 1;
        }
    }
    let mut counts = Counts::inputs(count);
    counts += worker_series(400, 1);
    counts
}

#[test]
fn a_lying_worker_is_found_out() {
    for (kind, good) in [(3, 0), (9, 0), (13, 3), (19, 4), (29, 2)] {
        lie_to_the_coordinator(kind, good);
    }
}

#[test]
fn figures_that_nobody_ordered_are_not_believed() {
    let said = lie_to_the_coordinator(28, 4);
    assert!(
        said.contains("3 threads") && said.contains("1 thread "),
        "{said}"
    );
}

#[test]
fn a_lying_coordinator_ends_its_worker() {
    worker_series(30, 9);
}
