//! Expectations are judged by the figures of their own benchmark.

use scalebench_model::build::report;
use scalebench_model::data::{Axis, BenchmarkRecord, Mode, Run, Status};
use scalebench_model::expect::violations;
use scalebench_model::laws::Usl;
use scalebench_model::report::{Expectation, ExpectationVerdict};
use scalebench_model::simulate::run;

use crate::pipeline::{assert_round_trip, simulated};

use ExpectationVerdict::{Failed, NotApplicable, Passed, Undecided};

/// 1 us a call alone; a tenth of it one at a time.
const TRUTH: Usl = Usl {
    lambda: 1e6,
    sigma: 0.1,
    kappa: 0.0,
};

/// A run in which `record` was changed and expects `texts`, and the verdicts.
fn judged(texts: &[&str], change: impl Fn(&mut Run, usize)) -> Vec<Expectation> {
    let mut data = run(&[simulated(TRUTH)]);
    data.benchmarks[0].expectations = texts.iter().map(|text| (*text).to_owned()).collect();
    change(&mut data, 0);
    let report = report(&[data], None);
    assert_round_trip(&report);
    report.benchmarks[0].expectations.clone()
}

fn verdicts(texts: &[&str]) -> Vec<ExpectationVerdict> {
    let judged = judged(texts, |_, _| {});
    judged.iter().map(|each| each.verdict).collect()
}

#[test]
fn every_metric_is_judged_by_its_own_figure() {
    // At 8 threads a call takes 1.7 us, the efficiency is 1/1.7.
    for (text, verdict, figure) in [
        ("latency <= 1.1us", Passed, 1_000.0),
        ("latency <= 900ns", Failed, 1_000.0),
        ("latency(8) < 1.6us", Failed, 1_700.0),
        ("latency(8) > 1.6us", Passed, 1_700.0),
        ("efficiency(8) >= 50%", Passed, 1.0 / 1.7),
        ("efficiency(8) >= 0.7", Failed, 1.0 / 1.7),
        ("speedup(8) >= 4", Passed, 8.0 / 1.7),
        ("throughput(1) >= 2M/s", Failed, 1e6),
        ("throughput(8) >= 4M/s", Passed, 8e6 / 1.7),
        ("overhead(8) <= 1us", Passed, 700.0),
        ("overhead(8) <= 0.5us", Failed, 700.0),
    ] {
        let judged = judged(&[text], |_, _| {});
        let [one] = judged.as_slice() else {
            panic!("{judged:?}")
        };
        assert_eq!(
            (one.text.as_str(), one.verdict),
            (text, verdict),
            "{}",
            one.sentence
        );
        let estimate = one.estimate.expect("a figure").estimate;
        assert!((estimate / figure - 1.0).abs() < 0.02, "{text}: {estimate}");
    }
}

#[test]
fn an_interval_that_holds_the_limit_decides_nothing() {
    let centre = judged(&["latency <= 1us"], |_, _| {})[0]
        .estimate
        .expect("a figure");
    let limit = format!("latency <= {}ns", centre.estimate);
    assert_eq!(verdicts(&[&limit]), [Undecided]);
    // Without rounds and launches nothing is known of the spread.
    let single = judged(&["latency <= 2us"], |data, place| {
        let launches = &mut data.benchmarks[place].launches;
        launches.truncate(1);
        launches[0].samples.truncate(3 * 4);
        launches[0].samples.retain(|sample| sample.round == 0);
    });
    assert_eq!(single[0].verdict, Undecided);
}

#[test]
fn what_has_no_figure_does_not_apply() {
    let of = |text: &str, change: &dyn Fn(&mut Run, &mut BenchmarkRecord)| {
        let judged = judged(&[text], |data, place| {
            let mut record = data.benchmarks[place].clone();
            change(data, &mut record);
            data.benchmarks[place] = record;
        });
        assert!(judged[0].estimate.is_none(), "{judged:?}");
        assert_eq!(judged[0].verdict, NotApplicable);
        judged[0].sentence.clone()
    };
    let eight = "efficiency(8) >= 0.7";
    let few_cpus = |data: &mut Run, _: &mut BenchmarkRecord| data.host.cpus = 2;
    assert!(of("efficiency(64) >= 0.7", &few_cpus).contains("64 threads are more than the 2 CPUs"));
    assert!(of("latency(7) <= 1s", &|_, _| {}).contains("7 threads were not measured"));
    let tasks = of("latency(64) <= 1s", &|data, record| {
        data.host.cpus = 2;
        record.axis = Axis::Tasks;
    });
    assert!(tasks.contains("64 tasks were not measured"), "{tasks}");
    let failed = of(eight, &|_, record| record.status = Status::Failed);
    assert!(failed.contains("not measured to its end"), "{failed}");
    let alone = of(eight, &|_, record| {
        for launch in &mut record.launches {
            launch.samples.retain(|sample| sample.threads > 1);
        }
    });
    assert!(alone.contains("no figure at 1 thread"), "{alone}");
    let parallel = of("overhead(8) <= 1us", &|_, record| {
        record.mode = Mode::Parallel
    });
    assert!(parallel.contains("parallel call"), "{parallel}");
    let unknown = of("p12(8) <= 1us", &|_, _| {});
    assert!(unknown.contains("cannot read"), "{unknown}");
    let excluded = of(eight, &|data, record| {
        data.host.cpus = 4;
        for launch in &mut record.launches {
            for sample in launch.samples.iter_mut().filter(|s| s.threads == 8) {
                sample.waiting_ns = sample.on_cpu_ns;
                sample.blocked_ns = 0.0;
            }
        }
    });
    assert!(excluded.contains("more than the 4 CPUs"), "{excluded}");
}

#[test]
fn the_gate_names_what_failed_and_strictly_what_is_undecided() {
    let mut data = run(&[simulated(TRUTH)]);
    let latency = judged(&["latency <= 1us"], |_, _| {})[0]
        .estimate
        .expect("a figure");
    data.benchmarks[0].expectations = vec![
        "latency <= 2us".into(),
        "efficiency(8) >= 0.7".into(),
        format!("latency <= {}ns", latency.estimate),
        "latency(7) <= 1s".into(),
    ];
    let report = report(&[data], None);
    let texts = |strict| -> Vec<(bool, String)> {
        let found = violations(&report, strict).into_iter();
        found.map(|each| (each.certain, each.sentence)).collect()
    };
    let usual = texts(false);
    assert_eq!(usual.len(), 1);
    assert!(
        usual[0].0
            && usual[0]
                .1
                .starts_with("it::works: efficiency(8) >= 0.7 failed")
    );
    let strict = texts(true);
    assert_eq!(strict.len(), 2);
    assert!(!strict[1].0 && strict[1].1.contains("latency <= "));
}
