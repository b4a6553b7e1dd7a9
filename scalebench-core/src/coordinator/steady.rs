//! Whether a warm-up is over.

use scalebench_model::stats::drift;

/// It is when so many windows in a row agree within [`AGREE_WITHIN`].
pub(super) const AGREEING: usize = 3;

/// The largest relative difference between windows that agree.
const AGREE_WITHIN: f64 = 0.03;

/// On a noisy machine windows seldom agree. Then it is over when so many in a row show no drift.
const WITHOUT_DRIFT: usize = 6;

/// A series as much in order is drifting, unless less than this probability says that it came by chance. Four windows each shorter
/// than the one before are (9 %).
const BY_CHANCE: f64 = 0.1;

/// Whether the latencies of the windows so far, ns, have become steady; infinite where nothing counted. `is_last`: there will be no
/// further one, so that fewer must do.
pub(super) fn is_steady(latencies: &[f64], is_last: bool) -> bool {
    agree(latencies) || drifts_no_more(latencies, is_last)
}

fn agree(latencies: &[f64]) -> bool {
    let Some(from) = latencies.len().checked_sub(AGREEING) else {
        return false;
    };
    let (least, most) = latencies[from..]
        .iter()
        .fold((f64::INFINITY, 0.0_f64), |(least, most), &latency| {
            (least.min(latency), most.max(latency))
        });
    most.is_finite() && most - least <= AGREE_WITHIN * least
}

fn drifts_no_more(latencies: &[f64], is_last: bool) -> bool {
    let mut known: Vec<f64> = latencies.to_vec();
    known.retain(|latency| latency.is_finite());
    let from = known.len().saturating_sub(WITHOUT_DRIFT);
    let enough = from > 0 || known.len() == WITHOUT_DRIFT || is_last;
    // Of fewer than four there is no telling.
    enough && drift(&known[from..]).is_some_and(|drift| drift.probability >= BY_CHANCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_means_the_last_three_agree() {
        assert!(!is_steady(&[1.0, 1.0], false));
        assert!(is_steady(&[5.0, 1.0, 1.01, 1.02], false));
        assert!(!is_steady(&[1.0, 1.0, 1.1], false));
        assert!(!is_steady(&[f64::INFINITY; 15], true));
    }

    #[test]
    fn noise_without_drift_is_steady() {
        let noisy = [1.0, 1.2, 0.9, 1.1, 0.95, 1.15];
        assert!(is_steady(&noisy, false));
        assert!(!is_steady(&noisy[1..], false), "not yet");
        assert!(is_steady(&noisy[1..], true), "all there will be");
    }

    #[test]
    fn a_drift_shows_through_noise() {
        let warming = [2.0, 1.7, 1.75, 1.5, 1.4, 1.2];
        assert!(!is_steady(&warming, false));
        assert!(!is_steady(&warming[2..], true));
        // What came before does not matter once it has ended.
        let after = [&warming[..], &[1.0, 1.2, 0.9, 1.1, 0.95, 1.15]].concat();
        assert!(is_steady(&after, false));
    }

    #[test]
    fn windows_without_a_figure_are_no_evidence() {
        let unknown = f64::INFINITY;
        let sparse = [1.0, unknown, 1.2, unknown, 0.9, 1.1, unknown, 0.95, 1.15];
        assert!(is_steady(&sparse, false));
        assert!(!is_steady(&sparse[..5], true));
    }
}
