//! `cargo scalebench analyze` as a process.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Three launches of a benchmark with 5 % contention, and a second benchmark with one value a thread count.
const GOOD: &str = "benchmark,launch,threads,throughput\n\
    map,0,1,1000\nmap,0,2,1905\nmap,0,4,3478\nmap,0,8,5926\nmap,0,16,9143\n\
    map,1,1,1002\nmap,1,2,1900\nmap,1,4,3480\nmap,1,8,5930\nmap,1,16,9140\n\
    map,2,1,998\nmap,2,2,1908\nmap,2,4,3470\nmap,2,8,5920\nmap,2,16,9150\n\
    queue,0,1,10\nqueue,0,2,10\n";

fn analyze(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-scalebench"))
        .args(["scalebench", "analyze"])
        .args(arguments)
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the subcommand starts");
    // It may end before it has read everything: bad arguments, a bad first line.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn file(folder: &Path, name: &str, content: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).expect("writable");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_table_a_page_and_json_come_from_one_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let csv = file(folder.path(), "good.csv", GOOD.as_bytes());
    let page = folder.path().join("deep/page.html");
    let output = analyze(&[&csv, "--html", page.to_str().expect("UTF-8")], b"");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let table = text(&output.stdout);
    assert!(
        table.contains("map") && table.contains("of a call is serial"),
        "{table}"
    );
    let html = std::fs::read_to_string(page).expect("a page");
    assert!(html.contains("<svg") && html.contains("queue"));

    let output = analyze(&[&csv, "--json", "--filter", "que"], b"");
    assert!(text(&output.stdout).contains("queue") && !text(&output.stdout).contains("\"map\""));
    let output = analyze(&[&csv, "--filter", "nothing", "--filter", "none"], b"");
    assert_eq!(output.status.code(), Some(2));
    let message = "no benchmark has `nothing` or `none` in its name (2 do not)";
    assert!(text(&output.stderr).contains(message), "{output:?}");

    let output = analyze(&[&csv, "--json"], b"");
    let report: scalebench_model::report::Report =
        serde_json::from_slice(&output.stdout).expect("a report and nothing else");
    let laws = report.benchmarks[0].laws.as_ref().expect("a law");
    assert_eq!(laws.chosen, scalebench_model::report::LawKind::Amdahl);
    assert!((laws.sigma.expect("contention").estimate - 0.05).abs() < 0.005);
}

#[test]
fn standard_input_and_modes_work() {
    let output = analyze(&["-", "--json", "--mode", "parallel"], GOOD.as_bytes());
    let report: scalebench_model::report::Report =
        serde_json::from_slice(&output.stdout).expect("a report");
    let two = &report.benchmarks[0].points[1];
    // In parallel mode a call takes 1/X: 1/1905 s.
    assert!((two.latency_ns.estimate / 524_934.0 - 1.0).abs() < 0.01);
    assert!((two.speedup.expect("a speedup").estimate - 1.905).abs() < 0.01);
}

#[test]
fn bad_input_exits_with_2_and_says_where() {
    let folder = tempfile::tempdir().expect("a folder");
    for (content, says) in [
        (&b""[..], "the file is empty"),
        (
            b"threads,latency_ns\n1,x\n",
            "line 2, column 2 (latency_ns): `x` is not a number",
        ),
        (b"n,latency_ns\n1,2\n", "no column `threads`"),
        (b"\xff\xfet\0", "UTF-16"),
    ] {
        let csv = file(folder.path(), "bad.csv", content);
        let output = analyze(&[&csv], b"");
        assert_eq!(output.status.code(), Some(2));
        let message = text(&output.stderr);
        assert!(
            message.contains("bad.csv") && message.contains(says),
            "{message}"
        );
        assert!(output.stdout.is_empty());
    }
    assert_eq!(analyze(&[], b"").status.code(), Some(2));
    assert_eq!(
        analyze(&["-", "--mode", "load"], b"").status.code(),
        Some(2)
    );
}

#[test]
fn what_cannot_be_read_or_written_exits_with_4() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("missing.csv");
    let output = analyze(&[missing.to_str().expect("UTF-8")], b"");
    assert_eq!(output.status.code(), Some(4));
    assert!(text(&output.stderr).contains("missing.csv"));
    // A folder stands where the page should go.
    let output = analyze(
        &["-", "--html", folder.path().to_str().expect("UTF-8")],
        GOOD.as_bytes(),
    );
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
}
