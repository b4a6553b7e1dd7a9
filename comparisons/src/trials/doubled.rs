//! `uneven doubled [CASE…]`: whether pauses of twice the length are called slower.

use comparisons::uneven::Case;

use super::truth;
use crate::report::Report;

const BASELINE: &str = "comparisons-pause";

/// Every case as it is, kept as a baseline, then with pauses of twice the length.
pub fn show(cases: &[Case]) {
    println!(
        "| case | performance by hand | performance | verdict | called slower |\n|{}",
        "---|".repeat(5)
    );
    let mut slower = 0;
    for case in cases {
        let single = truth::by_hand(case, 1, 1);
        Report::of("uneven", &[case.name, "--save-baseline", BASELINE], &[]);
        let report = Report::of(
            "uneven",
            &[case.name, "--baseline", BASELINE, "--discard-baseline"],
            &[("SCALE_PAUSE", "2")],
        );
        let double = truth::by_hand(case, 1, 2);
        let change = report.change(case.name);
        let is_slower = change
            .as_ref()
            .is_some_and(|it| it.verdict == "changed" && it.performance.upper < 1.0);
        slower += usize::from(is_slower);
        let cells = change.map(|it| {
            let factor = it.performance;
            format!(
                "×{:.3} [{:.3}, {:.3}] | {}",
                factor.estimate, factor.lower, factor.upper, it.verdict
            )
        });
        println!(
            "| {} | ×{:.3} to ×{:.3} | {} | {} |",
            case.name,
            single.0 / double.1,
            single.1 / double.0,
            cells.unwrap_or_else(|| "not measured | -".to_owned()),
            if is_slower { "yes" } else { "**no**" },
        );
    }
    println!("\n{slower} of {} called slower.", cases.len());
}
