//! Stored files that are damaged or foreign: an error names the file, the other files are still used, nothing panics,
//! and no figure becomes NaN or infinite.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use scalebench_model::data::Run;
use scalebench_model::{build, render};
use scalebench_store::{Home, TargetName, run_id};
use serde_json::Value;

use crate::counts::{Counts, Random};
use crate::flags::subcommand;
use crate::patience::{no_panic, output};
use crate::run::{command, command_of, planned, run as run_subjects};

/// A run record as the program writes it.
fn record() -> Run {
    let run = run_subjects(&planned(
        "3",
        "3",
        "1ms",
        &["known::counter", "known::free_wait", "known::with_values"],
    ));
    let files = fs::read_dir(run.home.path().join("runs")).expect("runs");
    let file = files.flatten().next().expect("one run").path();
    Home::read_run(&file).expect("a record")
}

/// Values that a program never writes, and a person or a bad disk might.
const STRANGE: [&str; 22] = [
    "0",
    "-1",
    "1",
    "1e308",
    "-1e308",
    "1e-320",
    "1e999",
    "4294967295",
    "4294967296",
    "18446744073709551615",
    "0.5",
    "null",
    "true",
    "\"\"",
    "\"x\"",
    "\"\\u0000\\u202e<script>\"",
    "[]",
    "{}",
    "[[[[]]]]",
    "2.5e-9",
    "\"../../etc\"",
    "-0.0",
];

/// Damages the text of a record in one of the ways that disks, people and other programs do.
fn damage(text: &str, random: &mut Random) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    match random.below(8) {
        0 => bytes.truncate(random.below(bytes.len())),
        1 => {
            let (from, length) = (random.below(bytes.len()), random.below(4096) + 1);
            let to = (from + length).min(bytes.len());
            bytes[from..to].fill(0);
        }
        2 => {
            for _ in 0..=random.below(4) {
                let place = random.below(bytes.len());
                bytes[place] ^= 1 << random.below(8);
            }
        }
        3 => bytes = foreign(random),
        4 => {
            let (a, b) = (random.below(bytes.len()), random.below(bytes.len()));
            bytes.drain(a.min(b)..a.max(b));
        }
        _ => bytes = strange_values(text, random).into_bytes(),
    }
    bytes
}

/// Whole files that are something else.
fn foreign(random: &mut Random) -> Vec<u8> {
    let deep = "[".repeat(100_000);
    let files: [&[u8]; 10] = [
        b"",
        b"\0",
        b"null",
        b"{}",
        b"[1, 2, 3]",
        br#"{"schema":{"name":"scalebench.report","major":1,"minor":0}}"#,
        br#"{"schema":{"name":"scalebench.run","major":2,"minor":0}}"#,
        br#"{"schema":{"name":"scalebench.run","major":1,"minor":4000000000}}"#,
        b"\xff\xfe\x00\x01PK\x03\x04",
        deep.as_bytes(),
    ];
    random.pick(&files).to_vec()
}

/// Well-formed, but one to three values are not what they should be.
fn strange_values(text: &str, random: &mut Random) -> String {
    let mut document: Value = serde_json::from_str(text).expect("a record");
    for _ in 0..=random.below(3) {
        let strange = *random.pick(&STRANGE);
        let value = serde_json::from_str(strange).unwrap_or(Value::String(strange.into()));
        *somewhere(&mut document, random) = value;
    }
    document.to_string()
}

/// A place in the document. Some walks stop early, so that whole branches are replaced, too.
fn somewhere<'a>(value: &'a mut Value, random: &mut Random) -> &'a mut Value {
    let length = match value {
        Value::Object(map) => map.len(),
        Value::Array(list) => list.len(),
        _ => 0,
    };
    if length == 0 || random.below(12) == 0 {
        return value;
    }
    let at = random.below(length);
    match value {
        Value::Object(map) => {
            somewhere(map.values_mut().nth(at).expect("below the length"), random)
        }
        Value::Array(list) => somewhere(&mut list[at], random),
        other => other,
    }
}

/// All the way to every text that a user could see.
fn draw(runs: &[Run]) {
    let report = build::session_with_history(runs, runs);
    let json = render::json(&report);
    let back: scalebench_model::report::Report =
        serde_json::from_str(&json).expect("numbers, not null");
    assert!(render::json(&back) == json, "a number changed on the way");
    let style = render::TerminalStyle {
        width: 80,
        color: false,
        unicode: true,
    };
    let texts = [
        render::terminal(&report, &style),
        render::markdown(&report),
        render::csv(&report),
        render::html(&report).expect("a page"),
    ];
    for text in texts {
        // `inf` and `NaN` as numbers; both also stand in words.
        for bad in [">NaN<", ">inf<", " NaN ", " inf ", ",NaN", ",inf"] {
            assert!(!text.contains(bad), "{bad} in {text}");
        }
    }
}

/// A home with a good record, and the place of one that will be damaged.
fn home_of(good: &Run) -> (tempfile::TempDir, Home, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = Home::at(folder.path());
    home.save_run(good).expect("writable");
    let name = run_id(good.started_unix_s + 1, &good.session, &good.target);
    let bad = home.runs().join(format!("{name}.json"));
    (folder, home, bad)
}

/// Through the store's readers and the model, in this process.
fn mutations(count: usize, seed: u64, good: &Run) -> Counts {
    let text = serde_json::to_string(good).expect("it was read");
    let (_folder, home, bad) = home_of(good);
    let baseline = home.save_baseline("main", good).expect("writable");
    let target = TargetName::of(good);
    let mut random = Random::new(seed);
    for number in 0..count {
        let bytes = damage(&text, &mut random);
        fs::write(&bad, &bytes).expect("writable");
        let shown = || format!("mutation {number}: {}", String::from_utf8_lossy(&bytes));
        let found = home.session_runs(&good.session).expect("listable");
        let named = found.problems.iter().any(|problem| problem.path() == bad);
        let read = Home::read_run(&bad).is_ok();
        assert!(named != read, "{}", shown());
        let whole: usize = found.runs.iter().map(|run| run.benchmarks.len()).sum();
        assert!(whole >= good.benchmarks.len() || read, "{}", shown());
        let drawn = std::panic::catch_unwind(|| draw(&found.runs));
        assert!(drawn.is_ok(), "{}", shown());
        fs::write(&baseline, &bytes).expect("writable");
        if let Err(error) = home.baseline("main", target) {
            assert!(error.to_string().contains("subjects.json"), "{error}");
        }
        let _ = home.prune_runs(good, scalebench_store::Keep::Newest(1));
        assert!(
            home.runs().join(format!("{}.json", good.id)).exists(),
            "{}",
            shown()
        );
    }
    Counts::inputs(count)
}

/// Through the real program: it shows a damaged baseline, or measures beside damaged runs.
fn through_the_program(count: usize, seed: u64, good: &Run) -> Counts {
    let text = serde_json::to_string(good).expect("it was read");
    let (folder, home, bad) = home_of(good);
    let baseline = home.save_baseline("main", good).expect("writable");
    let good_file = home.runs().join(format!("{}.json", good.id));
    let mut random = Random::new(seed);
    for number in 0..count {
        let bytes = damage(&text, &mut random);
        fs::write(&bad, &bytes).expect("writable");
        fs::write(
            &baseline,
            if number % 2 == 0 {
                &bytes
            } else {
                text.as_bytes()
            },
        )
        .expect("writable");
        let output = output(&mut command(
            folder.path(),
            &["--bench", "--load-baseline", "main"],
        ));
        let said = no_panic(&output, &String::from_utf8_lossy(&bytes));
        match output.status.code() {
            // Shown: a record may say of itself that its benchmarks failed.
            Some(0 | 3) => {}
            Some(4) => assert!(said.contains(".json"), "{said}"),
            code => panic!("{code:?}: {said}"),
        }
        assert!(Home::read_run(&good_file).is_ok(), "the good run is lost");
    }
    Counts::inputs(count)
}

/// Things in the folder that are no files at all must not be waited for.
fn no_files(good: &Run) -> Counts {
    let (folder, home, bad) = home_of(good);
    fs::create_dir(&bad).expect("a folder with the name of a file");
    let pipe = home.runs().join("999999999999_pipe_subjects_1-1.json");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo runs").success());
    home.save_baseline("main", good).expect("writable");
    for arguments in [
        &["--bench", "--load-baseline", "main"][..],
        &planned("1", "3", "1ms", &["known::counter"]),
    ] {
        let output = output(&mut command(folder.path(), arguments));
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            no_panic(&output, &arguments)
        );
    }
    let found = home.newest_session().expect("listable");
    assert!(
        found.problems.iter().any(|each| each.path() == pipe),
        "{found:?}"
    );
    Counts::inputs(2)
}

/// Results of other tools that are no files: they are named and not waited for, and what lies beside them is used. Input without end
/// ends all the same.
fn no_files_of_other_tools() -> Counts {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo runs").success());
    let result = |name: &str, threads: u32| {
        let place = folder.path().join("criterion").join(name).join("new");
        fs::create_dir_all(&place).expect("writable");
        let benchmark = format!(r#"{{"full_id":"insert/threads/{threads}"}}"#);
        fs::write(place.join("benchmark.json"), benchmark).expect("writable");
        place.join("sample.json")
    };
    fs::write(result("one", 1), r#"{"iters":[10.0],"times":[1000.0]}"#).expect("writable");
    symlink(&pipe, result("two", 2)).expect("a link");
    symlink("/dev/zero", result("four", 4)).expect("a link");
    let (pipe, results) = (path_text(&pipe), folder.path().join("criterion"));
    let cases: [(&[&str], i32, &str); 7] = [
        (&["import", "criterion", path_text(&results)], 0, "two/new"),
        (&["import", "jmh", pipe], 4, pipe),
        (&["import", "google-benchmark", "/dev/zero"], 4, "/dev/zero"),
        (&["analyze", pipe], 4, pipe),
        (&["analyze", "/dev/zero"], 4, "/dev/zero"),
        (&["report", pipe], 4, pipe),
        (&["gate", "--gate", "performance=5%", pipe], 4, pipe),
    ];
    for (arguments, code, named) in cases {
        let ended = output(&mut command_of(subcommand(), folder.path(), arguments));
        let said = no_panic(&ended, &arguments);
        assert_eq!(ended.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(named), "{arguments:?}: {said}");
    }
    let mut endless = command_of(subcommand(), folder.path(), &["analyze", "-"]);
    endless.stdin(fs::File::open("/dev/zero").expect("a device"));
    let ended = output(&mut endless);
    let said = no_panic(&ended, &"endless");
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("line 1"), "{said}");
    Counts::inputs(cases.len() + 1)
}

fn path_text(path: &Path) -> &str {
    path.to_str().expect("text")
}

/// What the machine varies by cannot be read: that is said, and the usual sizes count.
fn damaged_noise(good: &Run) -> Counts {
    let (folder, home, _) = home_of(good);
    home.save_baseline("main", good).expect("writable");
    let compare = ["--bench", "--load-baseline", "main", "--baseline", "main"];
    for text in ["", "{\"performance\":-1,\"scalability\":0}"] {
        fs::write(folder.path().join("noise.json"), text).expect("writable");
        let output = output(&mut command(folder.path(), &compare));
        let said = no_panic(&output, &text);
        assert_eq!(output.status.code(), Some(0), "{said}");
        let table = String::from_utf8_lossy(&output.stdout);
        assert!(table.contains("noise.json"), "{table}");
    }
    Counts::inputs(2)
}

fn spread(count: usize, seed: u64, good: &Run) -> Counts {
    let mut counts = Counts::default();
    std::thread::scope(|scope| {
        let halves =
            [0, 1].map(|half| scope.spawn(move || mutations(count / 2, seed + half, good)));
        for half in halves {
            counts += half.join().expect("no mutation does harm");
        }
    });
    counts
}

/// 10,000 in this process, and some dozens through the program.
pub(crate) fn whole() -> Counts {
    let good = record();
    let mut counts = spread(10_000, 1, &good);
    counts += through_the_program(100, 3, &good);
    counts += no_files(&good);
    counts += no_files_of_other_tools();
    counts += damaged_noise(&good);
    counts
}

#[test]
fn pipes_and_devices_of_other_tools_are_not_waited_for() {
    no_files_of_other_tools();
}

#[test]
fn damaged_files_are_named_and_the_others_used() {
    let good = record();
    spread(200, 11, &good);
    through_the_program(10, 13, &good);
    no_files(&good);
    damaged_noise(&good);
}

/// Reads a record that a mutation has left, to look into what it does.
#[test]
#[ignore = "by hand: SCALEBENCH_DAMAGED=FILE cargo test -p scalebench-e2e --test faults -- --ignored one_damaged_file"]
fn one_damaged_file() {
    let path = std::env::var_os("SCALEBENCH_DAMAGED").expect("a file");
    let run = Home::read_run(Path::new(&path)).expect("a record");
    draw(&[run]);
}
