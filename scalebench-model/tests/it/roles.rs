//! Roles that alone wait for what only the others do.

use scalebench_model::build::report;
use scalebench_model::change::{Comparison, Scope, Thresholds};
use scalebench_model::data::{BenchmarkRecord, Group, GroupKind, Run};
use scalebench_model::render::{TerminalStyle, html, terminal};
use scalebench_model::report::{Benchmark, Dominant, Flag, Report};
use scalebench_model::simulate::{Simulation, Truth, run_of};

use crate::pipeline::{assert_round_trip, at};

/// A call of a group: so long alone, 80 µs at 2 threads and 100 µs at 4.
fn record(id: &str, alone_ns: f64, kind: GroupKind) -> BenchmarkRecord {
    let truth = Truth::Table(vec![(1, alone_ns), (2, 80e3), (4, 100e3)]);
    BenchmarkRecord {
        group: Some(Group {
            id: "ping_pong".into(),
            kind,
            share: 1,
            of: 2,
            timing_ns: None,
        }),
        ..Simulation::new(id, truth, &[1, 2, 4]).record()
    }
}

/// `ping` gives up after this long when it is alone; `pong` does not wait.
fn measured(ping_alone_ns: f64) -> Run {
    let records = vec![
        record("ping_pong::ping", ping_alone_ns, GroupKind::Roles),
        record("ping_pong::pong", 75e3, GroupKind::Roles),
    ];
    run_of(records, 4, 10, 1)
}

fn benchmark<'a>(report: &'a Report, id: &str) -> &'a Benchmark {
    let found = report.benchmarks.iter().find(|b| b.id == id);
    found.expect("a benchmark")
}

#[test]
fn a_role_that_waits_in_vain_alone_has_no_efficiency_and_says_why() {
    let report = report(&[measured(4e6)], None);
    assert_round_trip(&report);
    let ping = benchmark(&report, "ping_pong::ping");
    for point in &ping.points {
        assert_eq!((point.efficiency, point.speedup), (None, None));
        assert_eq!(point.surcharge_ns, None);
        assert_eq!(point.counted, point.threads > 1);
    }
    // What was measured stays.
    assert!((at(ping, 1).latency_ns.estimate / 4e6 - 1.0).abs() < 1e-9);
    assert_eq!(at(ping, 1).flags, [Flag::WaitsAlone]);
    let cause = ping.cause.as_ref().expect("a sentence");
    assert_eq!(cause.dominant, Dominant::None);
    assert_eq!(
        cause.sentence,
        "Alone a call waits in vain for the other roles (4.0 ms, against 80 µs at 2 threads), so there is no single call \
         that an efficiency could refer to."
    );
    let warning =
        "There is no efficiency of roles that alone wait in vain for the others: ping_pong::ping.";
    assert_eq!(report.warnings, [warning]);
    let pong = benchmark(&report, "ping_pong::pong");
    assert!(at(pong, 4).efficiency.is_some() && at(pong, 1).counted);
}

#[test]
fn table_and_page_say_it_too() {
    let report = report(&[measured(4e6)], None);
    let style = TerminalStyle {
        width: 120,
        color: false,
        unicode: true,
    };
    let text = terminal(&report, &style);
    for words in [
        "warning: There is no efficiency of roles",
        "cause  Alone a call waits in vain for the other roles (4.0 ms",
        "v alone the role waits in vain: no efficiency.",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    // 5000 % is what the wait would make of it.
    assert!(!text.contains("5000") && !text.contains("4000"), "{text}");
    let page = html(&report).expect("a page");
    assert!(page.contains("Alone a call waits in vain for the other roles"));
    assert!(page.contains("not counted; alone the role waits in vain: no efficiency"));
}

#[test]
fn a_call_that_company_makes_little_faster_keeps_its_efficiency() {
    for (alone_ns, kind) in [(155e3, GroupKind::Roles), (4e6, GroupKind::Mix)] {
        let run = run_of(vec![record("g::role", alone_ns, kind)], 4, 10, 1);
        let report = report(&[run], None);
        let efficiency = at(&report.benchmarks[0], 2).efficiency.expect("known");
        assert!((efficiency.estimate / (alone_ns / 80e3) - 1.0).abs() < 1e-6);
        assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    }
}

#[test]
fn points_that_were_not_measured_say_nothing_about_waiting() {
    let mut run = measured(4e6);
    for launch in &mut run.benchmarks[0].launches {
        for sample in launch.samples.iter_mut().filter(|s| s.threads > 1) {
            sample.counted_ns *= 0.01;
            sample.counted_calls *= 0.01;
        }
    }
    let report = report(&[run], None);
    let flags = &at(benchmark(&report, "ping_pong::ping"), 1).flags;
    assert!(!flags.contains(&Flag::WaitsAlone), "{flags:?}");
}

#[test]
fn verdicts_do_not_use_the_wait() {
    for (old, new) in [(4e6, 2e6), (75e3, 4e6), (4e6, 75e3)] {
        let comparison = Comparison {
            baseline: "main",
            scope: Scope::Saved,
            runs: &[measured(old)],
            thresholds: Thresholds::of(Scope::Saved),
        };
        let report = report(&[measured(new)], Some(&comparison));
        assert!(benchmark(&report, "ping_pong::ping").change.is_none());
        assert!(benchmark(&report, "ping_pong::pong").change.is_some());
        let why = "ping_pong::ping was not compared with main: alone its calls wait in vain for other roles.";
        assert!(
            report.warnings.iter().any(|w| w == why),
            "{:?}",
            report.warnings
        );
    }
}
