//! `--param`: values from the command line in place of those in the source.

use crate::run::{bench, run};

/// The ids that a list names.
fn listed(arguments: &[&str]) -> Vec<String> {
    let run = run(&[&["--list", "--format", "terse"], arguments].concat());
    assert_eq!(run.code(), 0, "{}", run.stderr());
    let ids = run.stdout();
    ids.lines()
        .map(|line| line.trim_end_matches(": benchmark").to_owned())
        .collect()
}

#[test]
fn values_are_replaced_named_and_filtered_by() {
    let ids = listed(&["known::with_values", "--param", "size=016,1024"]);
    assert_eq!(
        ids,
        [
            "subjects::known::with_values/size=16",
            "subjects::known::with_values/size=1024"
        ]
    );
    let ids = listed(&["size=7", "--param", "size=7", "--param", "size=8"]);
    assert!(ids.contains(&"subjects::known::with_values/size=7".to_owned()));
    assert!(ids.iter().all(|id| id.contains("size=7")), "{ids:?}");
}

#[test]
fn workers_measure_the_given_value() {
    let run = bench(&["known::checks_size", "--ignored", "--param", "size=77"]);
    assert_eq!(run.code(), 0, "{}", run.stderr());
    let report = run.report();
    assert_eq!(
        report.benchmarks[0].id,
        "subjects::known::checks_size/size=77/text=long"
    );
    let failed = bench(&["known::checks_size", "--ignored", "--param", "size=78"]);
    assert_eq!(failed.code(), 3);
    let quick = crate::run::run(&[
        "known::checks_size",
        "--ignored",
        "--param",
        "size=77",
        "--param",
        "text=short, too",
    ]);
    assert_eq!(quick.code(), 0, "{}", quick.stdout());
    assert!(
        quick
            .stdout()
            .contains("checks_size/size=77/text=too ... ok")
    );
}

#[test]
fn what_fits_no_parameter_is_refused() {
    for (arguments, said) in [
        (
            &["known::with_values", "--param", "sizes=1"][..],
            "no benchmark has a `#[values]` parameter `sizes`; the nearest name is `size`",
        ),
        (
            &["known::with_values", "--param", "size=many"],
            "`many` is no `usize`, and `size` of `subjects::known::with_values` takes one",
        ),
        (
            &["known::with_values", "--param", "size=1,01"],
            "`--param size=1,01` gives `1` twice",
        ),
        (
            &["known::closed", "--ignored", "--param", "kind=Small"],
            "`kind` of `subjects::known::closed` is a `Kind`, which cannot be read from text",
        ),
        (
            &["known::closed", "--ignored", "--param", "T=u8"],
            "`T` is a generic parameter",
        ),
    ] {
        let run = run(&[&["--bench"], arguments].concat());
        assert_eq!(run.code(), 2, "{arguments:?}: {}", run.stderr());
        assert!(run.stderr().contains(said), "{}", run.stderr());
    }
}

#[test]
fn what_does_not_fit_a_benchmark_that_is_left_out_is_no_matter() {
    let ids = listed(&["known::with_values", "--param", "size=300"]);
    assert_eq!(ids, ["subjects::known::with_values/size=300"]);
}
