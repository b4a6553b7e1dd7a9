//! Each row of the table, and what holds for all of them.

use proptest::prelude::*;
use scalebench_model::change::{Ends, Evidence, Split, split, weigh};
use scalebench_model::report::{Pattern, Verdict};
use scalebench_model::stats::Interval;

const DELTA: f64 = 0.02;

fn around(estimate: f64, half: f64) -> Interval {
    Interval {
        estimate,
        lower: estimate - half,
        upper: estimate + half,
    }
}

/// E falls by `fall` because the call got so much faster or not, with these intervals of the overhead and of throughput.
fn fell(overhead: (f64, f64), throughput: (f64, f64)) -> Evidence {
    Evidence {
        efficiency_rose: false,
        performance: around(0.2, 0.01),
        overhead: Some(around(overhead.0, overhead.1)),
        throughput: Some(around(throughput.0, throughput.1)),
    }
}

fn rose(overhead: (f64, f64), throughput: (f64, f64)) -> Evidence {
    Evidence {
        efficiency_rose: true,
        performance: around(-0.2, 0.01),
        ..fell(overhead, throughput)
    }
}

#[test]
fn each_row_decides() {
    use Pattern::{Absorbed, Diluted, Saturated, ScalesWorse, SlowerCall};
    use Verdict::{Changed, Inconclusive, Neutral};
    let rows = [
        // The overhead did not grow, whatever is known of throughput.
        (fell((0.0, 0.01), (0.2, 0.01)), Neutral, Some(Diluted)),
        (fell((0.0, 0.019), (0.0, 0.5)), Neutral, Some(Diluted)),
        (fell((-0.3, 0.1), (0.0, 0.5)), Neutral, Some(Diluted)),
        // It grew, or may have, and throughput is not lower.
        (fell((0.1, 0.01), (0.1, 0.02)), Neutral, Some(Absorbed)),
        (fell((0.1, 0.01), (0.01, 0.025)), Neutral, Some(Absorbed)),
        (fell((0.1, 0.01), (0.0, 0.01)), Neutral, Some(Saturated)),
        (fell((0.01, 0.02), (0.0, 0.01)), Neutral, Some(Saturated)),
        // Throughput is lower.
        (fell((0.1, 0.01), (-0.1, 0.02)), Changed, Some(ScalesWorse)),
        // Nobody knows.
        (fell((0.1, 0.01), (-0.02, 0.01)), Inconclusive, None),
        (fell((0.1, 0.5), (0.0, 0.5)), Inconclusive, None),
        // Efficiency rose with a slower call.
        (rose((0.0, 0.01), (-0.2, 0.01)), Neutral, Some(SlowerCall)),
        (rose((-0.1, 0.01), (0.0, 0.01)), Neutral, Some(SlowerCall)),
        (rose((-0.1, 0.01), (-0.1, 0.01)), Neutral, Some(SlowerCall)),
        (rose((-0.1, 0.01), (0.1, 0.01)), Changed, None),
    ];
    for (evidence, verdict, pattern) in rows {
        assert_eq!(
            weigh(Changed, &evidence, DELTA),
            (verdict, pattern),
            "{evidence:?}"
        );
    }
}

#[test]
fn efficiency_that_did_not_move_is_not_explained() {
    let evidence = fell((0.0, 0.01), (0.2, 0.01));
    for plain in [Verdict::Unchanged, Verdict::Inconclusive] {
        assert_eq!(weigh(plain, &evidence, DELTA), (plain, None));
    }
}

#[test]
fn a_small_loss_needs_a_faster_call_to_be_neutral() {
    let diluted = fell((0.005, 0.01), (0.0, 0.01));
    assert_eq!(
        weigh(Verdict::Small, &diluted, DELTA),
        (Verdict::Neutral, Some(Pattern::Diluted))
    );
    let as_before = Evidence {
        performance: around(0.001, 0.005),
        ..diluted
    };
    assert_eq!(
        weigh(Verdict::Small, &as_before, DELTA),
        (Verdict::Small, None)
    );
    let worse = fell((0.1, 0.01), (-0.1, 0.02));
    assert_eq!(weigh(Verdict::Small, &worse, DELTA), (Verdict::Small, None));
}

#[test]
fn under_load_there_is_no_overhead_and_the_load_decides() {
    let load = |throughput| Evidence {
        overhead: None,
        ..fell((0.0, 0.0), throughput)
    };
    let weigh = |evidence| weigh(Verdict::Changed, &evidence, DELTA);
    assert_eq!(weigh(load((0.0, 0.01))).1, Some(Pattern::Saturated));
    assert_eq!(weigh(load((0.2, 0.01))).1, Some(Pattern::Absorbed));
    assert_eq!(weigh(load((-0.2, 0.01))).1, Some(Pattern::ScalesWorse));
    let unknown = Evidence {
        throughput: None,
        ..load((0.0, 0.0))
    };
    assert_eq!(weigh(unknown), (Verdict::Inconclusive, None));
}

#[test]
fn with_more_than_full_efficiency_before_a_slower_call_is_no_speed_up() {
    // 125 % falls to 111 % as the call takes twice as long: the overhead stays at −20 ns.
    let evidence = Evidence {
        performance: around(-0.7, 0.01),
        ..fell((0.0, 0.01), (-0.8, 0.01))
    };
    assert_eq!(
        weigh(Verdict::Changed, &evidence, DELTA),
        (Verdict::Changed, Some(Pattern::ScalesWorse))
    );
}

/// What two sides come to, were they known up to `half` of each logarithm.
fn compared(old: &Ends, new: &Ends, half: f64) -> (Verdict, Option<Pattern>) {
    let Split {
        throughput,
        performance,
        scalability,
    } = split(old, new);
    let overhead = |ends: &Ends| ends.r_many - ends.r_one;
    let scale = if scalability > 0.0 { new } else { old }.r_many;
    let evidence = Evidence {
        efficiency_rose: scalability > 0.0,
        performance: around(performance, half),
        overhead: Some(around((overhead(new) - overhead(old)) / scale, half)),
        throughput: Some(around(throughput, half)),
    };
    let delta = DELTA.ln_1p();
    let plain = match scalability.abs() {
        size if size - half > delta => Verdict::Changed,
        size if size + half < delta => Verdict::Unchanged,
        size if size > half => Verdict::Small,
        _ => Verdict::Inconclusive,
    };
    weigh(plain, &evidence, DELTA)
}

/// A side that scales as code does: efficiency of at most 100 %.
fn any_side() -> impl Strategy<Value = Ends> {
    (1.0..1e6_f64, 0.001..1.0_f64).prop_map(|(r_one, efficiency)| Ends {
        r_one,
        r_many: r_one / efficiency,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    /// Less work in a call leaves what N threads take between nothing and all of the gain: whatever they take, none of it is
    /// a loss of scalability.
    #[test]
    fn a_speed_up_of_the_single_call_never_is_a_regression(
        old in any_side(), faster in 0.05..1.0_f64, reaches in 0.0..1.0_f64, half in 0.0001..0.2_f64,
    ) {
        let r_one = old.r_one * faster;
        let new = Ends { r_one, r_many: old.r_many - reaches * (old.r_one - r_one) };
        let (verdict, pattern) = compared(&old, &new, half);
        prop_assert!(pattern != Some(Pattern::ScalesWorse), "{verdict:?}");
        let worse = verdict == Verdict::Changed && split(&old, &new).scalability < 0.0;
        prop_assert!(!worse, "{pattern:?}");
        // Nor is undoing it a gain.
        let (undone, pattern) = compared(&new, &old, half);
        let better = undone == Verdict::Changed && split(&new, &old).scalability > 0.0;
        prop_assert!(!better || verdict == Verdict::Inconclusive, "{pattern:?}");
    }

    /// What is neutral in one direction is in the other, so no change and its undoing are both praised for scalability, and
    /// no faster call is praised twice: once as such, and undone as better scalability.
    #[test]
    fn neutral_is_neutral_both_ways(old in any_side(), new in any_side(), half in 0.0001..0.2_f64) {
        let there = compared(&old, &new, half);
        let back = compared(&new, &old, half);
        prop_assert_eq!(there.0 == Verdict::Neutral, back.0 == Verdict::Neutral, "{:?} {:?}", there, back);
        let praised = |(verdict, _): (Verdict, Option<Pattern>), rose: bool| verdict == Verdict::Changed && rose;
        let rose = split(&old, &new).scalability > 0.0;
        prop_assert!(!(praised(there, rose) && praised(back, !rose)));
    }

    /// Where more is done at N threads and efficiency rises, that is a gain unless the call got slower.
    #[test]
    fn a_gain_with_the_call_as_it_was_is_a_gain(old in any_side(), better in 1.05..20.0_f64) {
        let r_many = (old.r_many / better).max(old.r_one);
        prop_assume!(r_many < old.r_many / 1.05);
        let new = Ends { r_many, ..old };
        prop_assert_eq!(compared(&old, &new, 0.001), (Verdict::Changed, None));
        prop_assert_eq!(compared(&new, &old, 0.001), (Verdict::Changed, Some(Pattern::ScalesWorse)));
    }
}
