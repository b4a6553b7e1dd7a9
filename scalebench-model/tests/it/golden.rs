//! The split of a change and the Karp-Flatt fraction against figures computed to ten digits.

use scalebench_model::change::{Ends, split};
use scalebench_model::laws::karp_flatt;

use crate::fixture::{close, lines, number};

#[test]
fn the_split_of_a_change_is_the_golden_one() {
    for line in lines(include_str!("../fixtures/decomposition.csv")) {
        let get = |column: &str| number(&line, column).expect("a number");
        let old = Ends {
            r_one: get("old_one"),
            r_many: get("old_many"),
        };
        let new = Ends {
            r_one: get("new_one"),
            r_many: get("new_many"),
        };
        let s = split(&old, &new);
        for (found, column) in [
            (s.throughput, "throughput"),
            (s.performance, "performance"),
            (s.scalability, "scalability"),
            (old.r_one / old.r_many, "old_efficiency"),
            (new.r_one / new.r_many, "new_efficiency"),
            (old.r_many - old.r_one, "old_surcharge"),
            (new.r_many - new.r_one, "new_surcharge"),
        ] {
            let wanted = get(column);
            // Ten printed digits, and figures that cancel to nothing.
            let fine = (found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0);
            assert!(
                fine,
                "{} {column}: {found} instead of {wanted}",
                line["case"]
            );
        }
        assert!((s.throughput - s.performance - s.scalability).abs() < 1e-14);
    }
}

#[test]
fn karp_flatt_is_the_golden_one() {
    let lines = lines(include_str!("../fixtures/karp_flatt.csv"));
    let mut checked = 0;
    let mut first = (String::new(), f64::NAN);
    for line in &lines {
        let get = |column: &str| number(line, column).expect("a number");
        let (n, x) = (get("threads"), get("throughput"));
        if line["dataset"] != first.0 {
            assert_eq!(n, 1.0, "a data set begins at one thread");
            first = (line["dataset"].clone(), x);
        }
        let speedup = x / first.1;
        assert!(close(speedup, get("speedup"), 1e-9));
        assert!(close(speedup / n, get("efficiency"), 1e-9));
        // A difference of nearly equal numbers keeps their absolute, not their relative error.
        let surcharge = n / x - 1.0 / first.1;
        assert!((surcharge - get("surcharge")).abs() <= 1e-9 * (n / x));
        if let Some(wanted) = number(line, "karp_flatt") {
            let found = karp_flatt(n, speedup);
            assert!(
                (found - wanted).abs() <= 1e-9,
                "{} {n}: {found}",
                line["dataset"]
            );
            checked += 1;
        }
    }
    assert!(checked > 80, "{checked}");
}
