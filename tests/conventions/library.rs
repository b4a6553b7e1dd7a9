//! Benchmarks in the modules of a library, under a feature: every bench target that links it has them.

use super::run::{Results, run};

/// The library's own, sorted.
const WITHIN: [&str; 6] = [
    "within::by_one::count",
    "within::by_two::count",
    "within::cache::deep::longest",
    "within::cache::deep::twice",
    "within::cache::set/size=4",
    "within::cache::set/size=8",
];

/// `cargo SUBCOMMAND -p within --features bench` and more.
fn within<'a>(subcommand: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[subcommand, "-p", "within", "--features", "bench"], more].concat()
}

#[test]
fn a_target_has_what_its_library_annotates() {
    let results = Results::new("within-list");
    for (target, more) in [("inside", None), ("both", Some("both::outside"))] {
        let list = ["--bench", target, "--", "--list", "--format", "terse"];
        let ran = run(&mut results.cargo(&within("bench", &list))).ended(0);
        let expected: Vec<String> = more
            .iter()
            .chain(&WITHIN)
            .map(|id| format!("{id}: benchmark"))
            .collect();
        assert_eq!(ran.out.lines().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn several_targets_that_link_it_show_each_once() {
    let results = Results::new("within-page");
    let quick = [
        "--", "--quick", "--rounds", "3", "--window", "1ms", "count", "outside",
    ];
    run(&mut results.cargo(&within("bench", &quick))).ended(0);
    assert_eq!(results.ids(), ["both::outside", WITHIN[0], WITHIN[1]]);
}

#[test]
fn its_tests_call_them_as_functions() {
    let results = Results::new("within-test");
    let ran = run(&mut results.cargo(&within("test", &["--lib"]))).ended(0);
    ran.said("1 passed");
}

#[test]
fn without_the_feature_nothing_is_left_of_it() {
    let results = Results::new("within-tree");
    let tree = ["tree", "-p", "within", "--edges", "normal"];
    let ran = run(&mut results.cargo(&tree)).ended(0);
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    run(&mut results.cargo(&["check", "-p", "within", "--lib"])).ended(0);
}
