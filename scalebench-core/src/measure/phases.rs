//! The common time of callers that work in phases: see [`Control::meet`](super::control::Control::meet).

use super::log::Log;
use super::stretch::Stretch;

/// A phase in which callers were together for a smaller part of it tells nothing: another process kept one of them from its start.
const LEAST_TOGETHER: f64 = 0.5;

/// The phases of a window, as far as all callers were in them, and how much of their time that is.
pub(super) struct Phases {
    /// From the release until the first caller was through with its batch, phase by phase. Who was released a little later
    /// than another was not alone: the other had just begun.
    pub(super) common: Vec<Stretch>,
    /// The time in which all callers called, as a share of that in which the mean one did, 0 to 1.
    pub(super) overlap: f64,
}

impl Phases {
    /// `None` where callers call without a break.
    pub(super) fn of(logs: &[Log]) -> Option<Self> {
        let count = logs.iter().map(|log| log.phases.len()).min()?;
        let of = |k: usize| logs.iter().map(move |log| log.phases[k]);
        let (mut common, mut all_ns, mut each_ns) = (Vec::new(), 0.0, 0.0);
        for k in 0..count {
            let begin = of(k).map(|phase| phase.begin).min()?;
            let last = of(k).map(|phase| phase.begin).max()?;
            let end = of(k).map(|phase| phase.end).min()?;
            let mean_ns = of(k).map(Stretch::length).sum::<u64>() as f64 / logs.len() as f64;
            let together_ns = end.saturating_sub(last) as f64;
            all_ns += together_ns;
            each_ns += mean_ns;
            if together_ns >= LEAST_TOGETHER * mean_ns {
                common.push(Stretch { begin, end });
            }
        }
        (count > 0).then(|| Self {
            common,
            overlap: (all_ns / f64::max(each_ns, 1.0)).min(1.0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(phases: &[(u64, u64)]) -> Log {
        let phase = |&(begin, end)| Stretch { begin, end };
        Log {
            phases: phases.iter().map(phase).collect(),
            ..Log::default()
        }
    }

    #[test]
    fn a_phase_lasts_until_the_first_is_through() {
        let logs = [
            log(&[(0, 100), (1_000, 1_200), (2_000, 2_100)]),
            log(&[(10, 130), (990, 1_190), (2_090, 2_190)]),
        ];
        let phases = Phases::of(&logs).expect("some");
        let all: Vec<(u64, u64)> = phases.common.iter().map(|p| (p.begin, p.end)).collect();
        assert_eq!(all, [(0, 100), (990, 1_190)]);
        assert!((phases.overlap - 290.0 / 410.0).abs() < 1e-9);
    }

    #[test]
    fn callers_that_make_nothing_have_none() {
        assert!(Phases::of(&[log(&[])]).is_none());
    }
}
