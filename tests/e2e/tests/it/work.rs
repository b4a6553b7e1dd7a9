//! Work that is counted from the inputs of each call, in every mode. Sleeps may end late; what a call got done may not.

use scalebench_model::data::Work;

use crate::run::bench;
use crate::tries::in_three_tries;

/// The mean work of a call at every point.
fn of(arguments: &[&str], name: &str) -> (Option<Work>, Vec<f64>, String) {
    let run = bench(&[&["--window", "60ms", "--rounds", "2"], arguments].concat());
    assert_eq!(run.code(), 0, "{}", run.stderr());
    let benchmark = run.benchmark(name);
    let points = benchmark.points.iter();
    let work = points.map(|point| point.work_per_call.unwrap_or(0.0));
    (benchmark.work, work.collect(), run.stdout())
}

#[track_caller]
fn assert_near(work: &[f64], known: f64) {
    assert!(work.len() >= 2, "{work:?}");
    for mean in work {
        // A window of so many calls may hold one more of the large ones or of the small ones.
        let off = (mean / known - 1.0).abs();
        assert!(off < 0.06, "{work:?}, known to be {known}");
    }
}

#[test]
fn threads_count_items_by_their_inputs() {
    in_three_tries(|| {
        let (unit, work, printed) = of(&["work::by_threads"], "work::by_threads");
        assert_eq!(unit, Some(Work::ItemsByInput));
        assert_near(&work, 200.0);
        assert!(printed.contains("items/s"), "{printed}");
    });
}

#[test]
fn parallel_calls_count_bytes_by_inputs_and_values() {
    in_three_tries(|| {
        let name = "work::in_a_pool/size=1000";
        let (unit, work, printed) = of(&[name], name);
        assert_eq!(unit, Some(Work::BytesByInput));
        assert_near(&work, 200_000.0);
        assert!(printed.contains("MB/s"), "{printed}");
    });
}

#[test]
fn tasks_count_items_by_their_inputs() {
    in_three_tries(|| {
        let (_, work, _) = of(&["work::by_tasks"], "work::by_tasks");
        assert_near(&work, 200.0);
    });
}

#[test]
fn a_role_counts_its_own_items() {
    in_three_tries(|| {
        let (unit, work, _) = of(&["work::roles", "--threads", "1,2"], "work::roles::counted");
        assert_eq!(unit, Some(Work::ItemsByInput));
        assert_near(&work, 200.0);
    });
}
