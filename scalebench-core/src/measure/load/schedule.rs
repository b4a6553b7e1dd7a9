//! When calls arrive.

use scalebench_model::data::Schedule;
use scalebench_model::stats::Random;

/// No more arrivals than this are planned for one window, whatever is asked for: 8 bytes each, and 40 for what became of
/// it.
const MOST_ARRIVALS: usize = 4_000_000;

/// Intended starts from 0 to before `length_ns`, ns, ascending: at `rate_per_s` a second on average.
///
/// Poisson arrivals have exponential gaps, −ln(1 − u)/rate; constant ones come every 1/rate, the first after half of it.
/// They depend on `seed` alone. A rate that is not above 0 has no arrivals.
pub(super) fn arrivals(schedule: Schedule, rate_per_s: f64, length_ns: u64, seed: u64) -> Vec<u64> {
    let gap_ns = 1e9 / rate_per_s;
    if !(gap_ns.is_finite() && gap_ns > 0.0) {
        return Vec::new();
    }
    let mut random = Random::new(seed);
    let length_ns = length_ns as f64;
    let mut at = match schedule {
        Schedule::Poisson => 0.0,
        Schedule::Constant => -0.5 * gap_ns,
    };
    let mut next = || {
        at += match schedule {
            Schedule::Poisson => -gap_ns * (1.0 - random.uniform()).ln(),
            Schedule::Constant => gap_ns,
        };
        at
    };
    std::iter::from_fn(|| Some(next()))
        .take_while(|&at| at < length_ns)
        .map(|at| at as u64)
        .take(MOST_ARRIVALS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    #[test]
    fn constant_arrivals_are_evenly_spaced() {
        let arrivals = arrivals(Schedule::Constant, 1_000.0, SECOND, 1);
        assert_eq!(arrivals.len(), 1_000);
        assert_eq!((arrivals[0], arrivals[999]), (500_000, 999_500_000));
        assert!(
            arrivals
                .windows(2)
                .all(|pair| pair[1] - pair[0] == 1_000_000)
        );
    }

    /// Gaps of a Poisson process are exponential: mean and standard deviation are the same, and e^-2 of them are longer
    /// than two means. 20,000 gaps know each within 2 %.
    #[test]
    fn poisson_gaps_are_exponential() {
        let arrivals = arrivals(Schedule::Poisson, 20_000.0, SECOND, 7);
        let gaps: Vec<f64> = arrivals
            .windows(2)
            .map(|pair| (pair[1] - pair[0]) as f64)
            .collect();
        let count = gaps.len() as f64;
        let mean = gaps.iter().sum::<f64>() / count;
        let variance = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / count;
        let long = gaps.iter().filter(|&&gap| gap > 2.0 * mean).count() as f64 / count;
        assert!((mean / 50_000.0 - 1.0).abs() < 0.03, "{mean}");
        assert!(
            (variance.sqrt() / mean - 1.0).abs() < 0.04,
            "{}",
            variance.sqrt()
        );
        assert!((long / (-2.0_f64).exp() - 1.0).abs() < 0.06, "{long}");
    }

    #[test]
    fn the_seed_decides() {
        let of = |seed| arrivals(Schedule::Poisson, 500.0, SECOND, seed);
        assert_eq!(of(3), of(3));
        assert_ne!(of(3), of(4));
    }

    #[test]
    fn absurd_rates_have_no_arrivals_or_a_bounded_number() {
        for rate in [0.0, -5.0, f64::NAN, f64::INFINITY] {
            let none = arrivals(Schedule::Poisson, rate, SECOND, 1);
            assert!(none.is_empty(), "{rate}");
        }
        let many = arrivals(Schedule::Constant, 1e12, SECOND, 1);
        assert_eq!(many.len(), MOST_ARRIVALS);
    }
}
