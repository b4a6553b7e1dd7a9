//! The laws as formulas, forwards and backwards.

/// The Universal Scalability Law; with κ = 0 Amdahl's law, with σ = 0 too a straight line.
///
/// Source: Gunther, Guerrilla Capacity Planning, Springer, 2007, chapters 4 to 6.
///
/// ```
/// use scalebench_model::laws::Usl;
/// let law = Usl { lambda: 1000.0, sigma: 0.05, kappa: 0.005 };
/// assert_eq!(law.throughput(1.0), 1000.0);
/// assert!((law.peak_threads().unwrap() - 13.784).abs() < 1e-3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usl {
    /// λ: throughput of one thread, calls per second; above 0.
    pub lambda: f64,
    /// σ: contention, the share of a call that is serial; 0 or more.
    pub sigma: f64,
    /// κ: coherency, what each pair of threads adds; 0 or more.
    pub kappa: f64,
}

impl Usl {
    /// By how much R grows from 1 to N threads: 1+σ(N−1)+κN(N−1).
    #[must_use]
    pub fn growth(&self, threads: f64) -> f64 {
        1.0 + self.sigma * (threads - 1.0) + self.kappa * threads * (threads - 1.0)
    }

    /// X(N), calls per second.
    #[must_use]
    pub fn throughput(&self, threads: f64) -> f64 {
        self.lambda * threads / self.growth(threads)
    }

    /// R(N) = N/X(N), seconds: the latency of a call among N callers.
    #[must_use]
    pub fn latency_s(&self, threads: f64) -> f64 {
        self.growth(threads) / self.lambda
    }

    /// η(N) = X(N)/(N·X(1)).
    #[must_use]
    pub fn efficiency(&self, threads: f64) -> f64 {
        1.0 / self.growth(threads)
    }

    /// S(N) = X(N)/X(1).
    #[must_use]
    pub fn speedup(&self, threads: f64) -> f64 {
        threads / self.growth(threads)
    }

    /// The Karp-Flatt serial fraction, σ + κN exactly.
    #[must_use]
    pub fn karp_flatt(&self, threads: f64) -> f64 {
        self.sigma + self.kappa * threads
    }

    /// N*, the thread count of the highest throughput: √((1−σ)/κ), and 1 for σ ≥ 1. `None` where throughput never
    /// falls (κ = 0).
    #[must_use]
    pub fn peak_threads(&self) -> Option<f64> {
        if self.sigma >= 1.0 {
            return Some(1.0);
        }
        (self.kappa > 0.0).then(|| ((1.0 - self.sigma) / self.kappa).sqrt().max(1.0))
    }

    /// The whole thread count of the highest throughput: the better neighbour of N*.
    #[must_use]
    pub fn peak_threads_whole(&self) -> Option<f64> {
        let peak = self.peak_threads()?;
        let (below, above) = (peak.floor().max(1.0), peak.ceil());
        let above_is_better = self.throughput(above) > self.throughput(below);
        Some(if above_is_better { above } else { below })
    }

    /// X at the peak, calls per second.
    #[must_use]
    pub fn peak_throughput(&self) -> Option<f64> {
        self.peak_threads().map(|peak| self.throughput(peak))
    }

    /// λ/σ, the throughput that no number of threads exceeds, calls per second. `None` unless κ = 0 and σ > 0.
    #[must_use]
    pub fn asymptote(&self) -> Option<f64> {
        (self.kappa == 0.0 && self.sigma > 0.0).then(|| self.lambda / self.sigma)
    }

    /// The fewest threads that reach a throughput; `None` where it is never reached.
    #[must_use]
    pub fn threads_for_throughput(&self, throughput: f64) -> Option<f64> {
        let square = self.kappa * throughput;
        let linear = (self.sigma - self.kappa) * throughput - self.lambda;
        let constant = (1.0 - self.sigma) * throughput;
        smaller_positive_root(square, linear, constant)
    }

    /// The threads at which a call takes so long, seconds; `None` where no thread count from 1 on does.
    #[must_use]
    pub fn threads_for_latency(&self, latency_s: f64) -> Option<f64> {
        let constant = 1.0 - self.sigma - self.lambda * latency_s;
        let linear = self.sigma - self.kappa;
        let root = if self.kappa > 0.0 {
            // R grows from N = 1 on, so the larger root is the one at or above 1.
            let discriminant = linear.powi(2) - 4.0 * self.kappa * constant;
            (-linear + discriminant.sqrt()) / (2.0 * self.kappa)
        } else {
            -constant / linear
        };
        (root.is_finite() && root >= 1.0 - 1e-12).then_some(root)
    }

    /// X at the thread count at which a call takes so long, calls per second: Little's law, N/R.
    #[must_use]
    pub fn throughput_for_latency(&self, latency_s: f64) -> Option<f64> {
        self.threads_for_latency(latency_s)
            .map(|threads| threads / latency_s)
    }
}

/// The smaller positive root of a quadratic, without cancellation.
fn smaller_positive_root(square: f64, linear: f64, constant: f64) -> Option<f64> {
    let discriminant = linear.powi(2) - 4.0 * square * constant;
    let q = -0.5 * (linear + discriminant.sqrt().copysign(linear));
    let roots = [q / square, constant / q];
    roots
        .into_iter()
        .filter(|root| root.is_finite() && *root > 0.0)
        .min_by(f64::total_cmp)
}

/// The power law X = λN^p.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Power {
    /// λ: throughput of one thread, calls per second; above 0.
    pub lambda: f64,
    /// p: 1 is linear, 0 does not scale at all.
    pub exponent: f64,
}

impl Power {
    /// X(N), calls per second.
    #[must_use]
    pub fn throughput(&self, threads: f64) -> f64 {
        self.lambda * threads.powf(self.exponent)
    }
}

/// Scaled speedup N − s(N−1): what N threads gain when the work grows with them.
///
/// Source: Gustafson, "Reevaluating Amdahl's law", CACM 31(5), 1988.
///
/// ```
/// assert_eq!(scalebench_model::laws::gustafson_speedup(8.0, 0.1), 7.3);
/// ```
#[must_use]
pub fn gustafson_speedup(threads: f64, serial_fraction: f64) -> f64 {
    threads - serial_fraction * (threads - 1.0)
}

/// The serial fraction s that Gustafson's law ascribes to a scaled speedup; NaN at one thread.
#[must_use]
pub fn gustafson_serial_fraction(threads: f64, speedup: f64) -> f64 {
    (threads - speedup) / (threads - 1.0)
}

/// The serial fraction that a speedup shows: e(N) = (1/S − 1/N)/(1 − 1/N); NaN at one thread.
///
/// Source: Karp and Flatt, "Measuring parallel processor performance", CACM 33(5), 1990.
///
/// ```
/// assert!((scalebench_model::laws::karp_flatt(8.0, 4.0) - 1.0 / 7.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn karp_flatt(threads: f64, speedup: f64) -> f64 {
    // The same as in the source, multiplied by N: fewer roundings.
    (threads / speedup - 1.0) / (threads - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAW: Usl = Usl {
        lambda: 955.0,
        sigma: 0.027,
        kappa: 7.7e-4,
    };

    #[test]
    fn inverse_relations_lead_back() {
        for threads in [1.0, 2.0, 7.0, 20.0, 34.0] {
            let x = LAW.throughput(threads);
            let found = LAW.threads_for_throughput(x).unwrap();
            assert!(
                (found - threads).abs() < 1e-6 * threads,
                "{threads} {found}"
            );
        }
        // Latency leads back beyond the peak too, where throughput has two answers.
        for threads in [1.0, 3.0, 64.0] {
            let r = LAW.latency_s(threads);
            assert!((LAW.threads_for_latency(r).unwrap() - threads).abs() < 1e-9 * threads);
            let x = LAW.throughput_for_latency(r).unwrap();
            assert!((x - LAW.throughput(threads)).abs() < 1e-9 * x);
        }
    }

    #[test]
    fn what_is_never_reached_has_no_thread_count() {
        let beyond = LAW.peak_throughput().unwrap() * 1.001;
        assert_eq!(LAW.threads_for_throughput(beyond), None);
        assert_eq!(LAW.threads_for_latency(0.5 * LAW.latency_s(1.0)), None);
        let linear = Usl {
            lambda: 10.0,
            sigma: 0.0,
            kappa: 0.0,
        };
        assert_eq!(linear.threads_for_throughput(70.0), Some(7.0));
        assert_eq!(linear.threads_for_latency(0.2), None);
    }

    #[test]
    fn the_whole_peak_is_the_better_neighbour() {
        for (sigma, kappa) in [(0.05, 0.005), (0.02, 0.02), (0.5, 0.125), (0.0, 0.3)] {
            let law = Usl {
                lambda: 1.0,
                sigma,
                kappa,
            };
            let best = (1..=100)
                .map(f64::from)
                .max_by(|a, b| law.throughput(*a).total_cmp(&law.throughput(*b)));
            let whole = law.peak_threads_whole().unwrap();
            assert!((law.throughput(whole) - law.throughput(best.unwrap())).abs() < 1e-12);
        }
    }

    #[test]
    fn without_coherency_there_is_an_asymptote_and_no_peak() {
        let amdahl = Usl { kappa: 0.0, ..LAW };
        assert_eq!(amdahl.peak_threads(), None);
        assert!((amdahl.asymptote().unwrap() - 955.0 / 0.027).abs() < 1e-6);
        assert!((amdahl.throughput(1e9) / amdahl.asymptote().unwrap() - 1.0).abs() < 1e-6);
        assert_eq!(LAW.asymptote(), None);
        let serial = Usl { sigma: 1.5, ..LAW };
        assert_eq!(serial.peak_threads(), Some(1.0));
    }

    #[test]
    fn serial_fractions_agree_between_formulas() {
        for threads in [2.0, 8.0, 100.0] {
            let e = karp_flatt(threads, LAW.speedup(threads));
            assert!((e - LAW.karp_flatt(threads)).abs() < 1e-12);
            let s = gustafson_serial_fraction(threads, gustafson_speedup(threads, 0.3));
            assert!((s - 0.3).abs() < 1e-12);
        }
    }
}
