//! Workers through a launcher: a small script stands for ssh and its like, and folders for what a host is like.
#![cfg(target_os = "linux")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};

use scalebench_model::data::{BenchmarkRecord, Run};

use crate::run::command;
use crate::tries::in_three_tries;

/// Starts its program on the host that its first word names. A host `slow` takes its time, `talks` prints a banner,
/// `floods` never stops, `laggy` holds every reply back for 50 ms, `asks` waits for an answer, `dead-…` has no route; `dying` is there until its third worker
/// has run for a while (the first says who it is, the second measures the machine), and dead from then on.
const LAUNCHER: &str = r#"#!/bin/sh
host=$1; shift
echo "$host" >> "$PLACE/starts"
dead() { echo "no route to $host" >&2; exit 255; }
case $host in
  slow) sleep 0.3 ;;
  talks) echo "Welcome to $host"; echo '{"welcome": 1}' ;;
  floods) exec yes "do not panic" ;;
  laggy) "$@" | while read -r line; do sleep 0.05; printf '%s\n' "$line"; done; exit ;;
  asks) echo "Password:" >&2; exec sleep 120 ;;
  dead*) dead ;;
  dying)
    [ "$(grep -c dying "$PLACE/starts")" -gt 3 ] && dead
    if [ "$(grep -c dying "$PLACE/starts")" = 3 ]; then
      "$@" <&0 &
      worker=$!
      sleep 0.4
      kill -9 $worker
      exit 255
    fi ;;
esac
exec "$@"
"#;

/// A folder for a run, with the launcher in it.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let place = Self { folder };
        std::fs::write(place.launcher(), LAUNCHER).expect("writable");
        std::fs::set_permissions(place.launcher(), PermissionsExt::from_mode(0o755))
            .expect("executable");
        place
    }

    fn launcher(&self) -> PathBuf {
        self.folder.path().join("launch to")
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A quick run of two thread counts on `hosts`.
    fn run(&self, hosts: &str, more: &[&str]) -> Output {
        let launcher = format!("'{}' {{host}}", self.launcher().display());
        self.run_by(&launcher, &[&["--hosts", hosts], more].concat())
    }

    fn run_by(&self, launcher: &str, more: &[&str]) -> Output {
        let arguments = ["--bench", "--rounds", "3", "--launcher", launcher];
        let output = command(&self.home(), &[&arguments, more].concat())
            .env("PLACE", self.folder.path())
            .output()
            .expect("it starts");
        self.expect_nothing_left();
        output
    }

    /// Workers end when their pipe closes, wherever they are: all but at once.
    fn expect_nothing_left(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !self.workers().is_empty() {
            assert!(Instant::now() < deadline, "left: {:?}", self.workers());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Everything that was started with this folder in its environment.
    fn workers(&self) -> Vec<(String, String)> {
        let mark = format!("PLACE={}\0", self.folder.path().display());
        let processes = std::fs::read_dir("/proc").expect("a /proc").flatten();
        processes
            .filter_map(|process| {
                let read = |name| std::fs::read(process.path().join(name)).ok();
                let environment = read("environ")?;
                let its = String::from_utf8_lossy(&environment).contains(&mark);
                let what = String::from_utf8_lossy(&read("cmdline")?).into_owned();
                let number = process.file_name().to_string_lossy().into_owned();
                its.then_some((number, what))
            })
            .collect()
    }

    fn record(&self) -> Run {
        let runs = std::fs::read_dir(self.home().join("runs")).expect("runs");
        let run = runs.flatten().next().expect("a run").path();
        let text = std::fs::read(run).expect("readable");
        serde_json::from_slice(&text).expect("a run record")
    }
}

fn text(output: &Output) -> String {
    let (out, error) = (&output.stdout, &output.stderr);
    String::from_utf8_lossy(out).into_owned() + &String::from_utf8_lossy(error)
}

fn hosts_of(record: &BenchmarkRecord) -> Vec<&str> {
    let launches = record.launches.iter();
    launches
        .map(|launch| launch.host.as_deref().unwrap_or("here"))
        .collect()
}

#[test]
fn launches_take_the_hosts_in_turn() {
    let place = Place::new();
    let more = [
        "--launches",
        "4",
        "--window",
        "1ms",
        "--verbose",
        "--param",
        "size=7",
        "known::with_values",
    ];
    let output = place.run("slow,talks", &more);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(
        said.contains("`talks` printed this") && said.contains("Welcome to talks"),
        "{said}"
    );
    let run = place.record();
    // The values of the command line have reached the hosts, too.
    assert_eq!(run.benchmarks.len(), 1);
    assert!(run.benchmarks[0].id.contains("size=7"), "{run:?}");
    assert_eq!(
        hosts_of(&run.benchmarks[0]),
        ["slow", "talks", "slow", "talks"]
    );
    assert!(
        run.benchmarks[0]
            .launches
            .iter()
            .all(|l| l.samples.len() >= 6)
    );
}

#[test]
fn what_cannot_be_used_is_refused_in_time_with_what_to_check() {
    let place = Place::new();
    let small = [
        "--launches",
        "1",
        "--window",
        "1ms",
        "--timeout",
        "2",
        "known::counter",
    ];
    let path = Path::new(env!("CARGO_BIN_EXE_planted"))
        .display()
        .to_string();
    let other_build = [&["--remote-program", &path], &small[..]].concat();
    let not_there = [&["--remote-program", "/nowhere/bench"], &small[..]].concat();
    let cases: [(&str, &[&str], &[&str]); 5] = [
        (
            "asks",
            &small,
            &["`asks` cannot be used", "password", "Password:"],
        ),
        (
            "floods",
            &small,
            &["bytes that are no reply", "asking anything"],
        ),
        ("dead", &small, &["no route to dead", "exit code 255"]),
        (
            "there",
            &other_build,
            &["another build", "--remote-program"],
        ),
        ("there", &not_there, &["/nowhere/bench", "is there"]),
    ];
    for (host, more, parts) in cases {
        let begin = Instant::now();
        let output = place.run(host, more);
        let said = text(&output);
        assert_eq!(output.status.code(), Some(2), "{host}: {said}");
        for part in parts {
            assert!(said.contains(part), "{host}: no `{part}` in {said}");
        }
        assert!(begin.elapsed() < Duration::from_secs(40), "{host}");
    }
    let output = place.run_by("no-such-launcher {host}", &["--hosts", "a"]);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("could not start `no-such-launcher`"),
        "{said}"
    );
}

/// Windows of which one launch takes about a second: the dying host dies within one.
const A_SECOND: [&str; 5] = ["--launches", "4", "--window", "100ms", "known::counter"];

#[test]
fn a_lost_host_ends_the_run_and_is_named() {
    let place = Place::new();
    let output = place.run("here,dying", &A_SECOND);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("the host `dying` is lost"), "{said}");
    let run = place.record();
    let record = &run.benchmarks[0];
    let failure = record.failure.as_ref().expect("a failure");
    assert!(failure.message.contains("`dying`"), "{failure:?}");
    // What was complete is kept.
    assert_eq!(hosts_of(record), ["here"]);
    assert!(run.warnings.iter().any(|text| text.contains("`dying`")));
}

#[test]
fn the_run_goes_on_without_a_lost_host_where_asked_to() {
    let place = Place::new();
    let more = [&["--on-host-loss", "continue"], &A_SECOND[..]].concat();
    let output = place.run("here,dying,dead-from-the-start", &more);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let run = place.record();
    let record = &run.benchmarks[0];
    assert_eq!(hosts_of(record), ["here"; 4], "{said}");
    let warnings = run.warnings.join("\n");
    assert!(
        warnings.contains("`dying` is lost")
            && warnings.contains("`dead-from-the-start` was left out"),
        "{warnings}"
    );
}

#[test]
fn a_fault_on_a_host_is_the_benchmarks_and_says_where() {
    let place = Place::new();
    let more = [
        "--launches",
        "2",
        "--window",
        "1ms",
        "--timeout",
        "3",
        "--exact",
        "subjects::faults::aborts",
        "subjects::faults::hang::deadlocks",
        "subjects::known::counter",
        "--include-ignored",
    ];
    let output = place.run("a,b", &more);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(3), "{said}");
    let run = place.record();
    let message = |name: &str| {
        let record = run.benchmarks.iter().find(|each| each.id.ends_with(name));
        let failure = record.and_then(|record| record.failure.clone());
        failure.map(|failure| failure.message).unwrap_or_default()
    };
    assert!(message("aborts").contains("SIGABRT"), "{said}");
    assert!(message("aborts").contains("on the host `a`"), "{said}");
    assert!(
        message("deadlocks").contains("no answer within 3 s"),
        "{said}"
    );
    assert_eq!(message("counter"), "", "{said}");
}

#[test]
fn two_builds_meet_on_the_same_host() {
    let place = Place::new();
    let old = place.folder.path().join("old");
    std::fs::copy(env!("CARGO_BIN_EXE_subjects"), &old).expect("a copy");
    let old = old.display().to_string();
    let more = [
        "--launches",
        "2",
        "--window",
        "1ms",
        "--against",
        &old,
        "known::counter",
    ];
    let output = place.run("a,b", &more);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let run = place.record();
    let compared = run.compared.expect("an old side");
    assert_eq!(hosts_of(&run.benchmarks[0]), ["a", "b"]);
    assert_eq!(hosts_of(&compared.runs[0].benchmarks[0]), ["a", "b"]);
}

#[test]
fn workers_on_hosts_end_when_the_coordinator_is_killed() {
    let place = Place::new();
    let launcher = format!("'{}' {{host}}", place.launcher().display());
    let arguments = [
        "--bench",
        "--launcher",
        &launcher,
        "--hosts",
        "a",
        "--window",
        "1s",
        "known::counter",
    ];
    let mut coordinator = command(&place.home(), &arguments)
        .env("PLACE", place.folder.path())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    let deadline = Instant::now() + Duration::from_secs(60);
    while place.workers().len() < 2 {
        assert!(Instant::now() < deadline, "no worker");
        std::thread::sleep(Duration::from_millis(20));
    }
    coordinator.kill().expect("killed");
    coordinator.wait().expect("gone");
    place.expect_nothing_left();
}

/// Waits in two processes at a time.
const TWO_PROCESSES: [&str; 5] = [
    "--processes",
    "1,2",
    "--window",
    "100ms",
    "processes::free_wait",
];

/// At the point number `index`.
fn efficiency_at(place: &Place, index: usize) -> f64 {
    let report = std::fs::read(place.home().join("report/report.json")).expect("a report");
    let report: scalebench_model::report::Report =
        serde_json::from_slice(&report).expect("a report");
    let efficiency = report.benchmarks[0].points[index].efficiency;
    efficiency.expect("an efficiency").estimate
}

#[test]
fn processes_of_one_window_run_on_all_hosts() {
    in_three_tries(|| {
        let place = Place::new();
        let output = place.run("a,b", &[&["--launches", "2"], &TWO_PROCESSES[..]].concat());
        let said = text(&output);
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert_eq!(hosts_of(&place.record().benchmarks[0]), ["a, b", "b, a"]);
        let efficiency = efficiency_at(&place, 1);
        assert!((0.8..1.25).contains(&efficiency), "{efficiency}");
    });
}

#[test]
fn a_grid_has_all_threads_of_a_process_on_its_host() {
    in_three_tries(|| {
        let place = Place::new();
        let rest = [
            "--launches",
            "1",
            "--window",
            "100ms",
            "--exact",
            "subjects::grid::free_wait/threads=2",
        ];
        let output = place.run("a,b", &rest);
        let said = text(&output);
        assert_eq!(output.status.code(), Some(0), "{said}");
        let record = &place.record().benchmarks[0];
        assert_eq!(hosts_of(record), ["a, b"]);
        assert_eq!(
            (record.threads.as_slice(), record.threads_per_process),
            (&[1, 2, 4][..], Some(2))
        );
        let efficiency = efficiency_at(&place, 2);
        assert!((0.6..1.4).contains(&efficiency), "{efficiency}");
    });
}

#[test]
fn a_clock_that_is_not_known_well_enough_is_refused() {
    let place = Place::new();
    let output = place.run(
        "laggy",
        &[&["--launches", "1"], &TWO_PROCESSES[..]].concat(),
    );
    let said = text(&output);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(
        said.contains("the clock of the host `laggy` is known within")
            && said.contains("ask for longer ones"),
        "{said}"
    );
}

/// A network namespace that is removed with everything in it.
struct Namespace(&'static str);

impl Namespace {
    /// `None` where this user may not make one.
    fn new(name: &'static str) -> Option<Self> {
        let made = system("ip", &["netns", "add", name]);
        made.then(|| Self(name))
    }

    /// As a host that loses its power.
    fn kill(&self) {
        let script = format!(
            "ip netns pids {0} | xargs -r kill -9; ip netns del {0}",
            self.0
        );
        system("sh", &["-c", &script]);
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        self.kill();
    }
}

fn system(program: &str, arguments: &[&str]) -> bool {
    let output = std::process::Command::new(program).args(arguments).output();
    output.is_ok_and(|output| output.status.success())
}

/// Two network namespaces as hosts, and a clock that is a day ahead on the second. In mid-run that one is killed.
#[test]
#[ignore = "needs root: cargo test -p scalebench-e2e --test it two_namespaces -- --ignored --nocapture"]
fn two_namespaces_are_hosts_and_one_of_them_is_killed() {
    let spaces = (
        Namespace::new("scalebench-a"),
        Namespace::new("scalebench-b"),
    );
    let (Some(_first), Some(second)) = &spaces else {
        println!("skipped: network namespaces cannot be made here (`ip netns add` needs root)");
        return;
    };
    let place = Place::new();
    let script = "#!/bin/sh\nhost=$1; shift\n\
        [ $host = scalebench-b ] && ahead='unshare --time --fork --monotonic 86400'\n\
        exec ip netns exec $host $ahead \"$@\"\n";
    std::fs::write(place.launcher(), script).expect("writable");
    let hosts = "scalebench-a,scalebench-b";
    let whole = ["--launches", "4", "--window", "1ms", "known::counter"];
    let output = place.run(hosts, &whole);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let record = place.record();
    let [a, b] = ["scalebench-a", "scalebench-b"];
    assert_eq!(hosts_of(&record.benchmarks[0]), [a, b, a, b]);
    std::fs::remove_dir_all(place.home()).expect("removable");

    let output = place.run(hosts, &[&["--launches", "2"], &TWO_PROCESSES[..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let efficiency = efficiency_at(&place, 1);
    println!("one window on two clocks: efficiency {efficiency:.3}");
    assert!((0.8..1.25).contains(&efficiency), "{efficiency}");
    std::fs::remove_dir_all(place.home()).expect("removable");

    let long = [
        "--launches",
        "6",
        "--window",
        "200ms",
        "--on-host-loss",
        "continue",
    ];
    let output = std::thread::scope(|scope| {
        // Some of the six launches are through by then, and some are not.
        scope.spawn(|| {
            std::thread::sleep(Duration::from_secs(9));
            second.kill();
        });
        place.run(hosts, &[&long[..], &["known::counter"]].concat())
    });
    let said = text(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("the host `scalebench-b` is lost"), "{said}");
    let record = place.record();
    let hosts = hosts_of(&record.benchmarks[0]);
    println!("the launches ran on {hosts:?}");
    assert_eq!(hosts.len(), 6);
    assert_eq!(hosts.last(), Some(&a));
}
