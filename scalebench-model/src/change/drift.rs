//! How far the machine itself drifts between two runs that did not take turns.
//!
//! A machine is not the same from one minute to the next: its clock drifts, its neighbours use its caches, a hypervisor moves
//! its CPUs. The launches of a run all meet the same machine, so intervals from their spread know nothing of it, and the
//! more launches there are, the less. The nulls do: their code is the same in both runs, so whatever they differ by is
//! the machine's. So does the pace that CPUs were gauged to have around the windows of the benchmark itself. By how much more than their launches say they differ is how much wider the others' intervals must be.
//!
//! Sources: Birge, "The calculation of errors by the method of least squares", Physical Review 40, 1932 (errors widened by
//! how far known figures lie apart); Schuemie et al., "Interpreting observational studies: why empirical calibration is
//! needed to correct p-values", Statistics in Medicine 33, 2014 (negative controls for what error theory leaves out).

use super::pair::{Half, Pair};
use super::split::{Ends, parts};
use super::verdict::Factor;
use crate::data::Scope;
use crate::estimate::Curves;

/// A figure that follows from both ends of a split.
type Part<'a> = dyn Fn(&Ends) -> f64 + 'a;

/// The machine's own code in a run: latency curves of the nulls, by id.
#[derive(Debug, Clone, Default)]
pub struct Machine(pub Vec<(String, Curves)>);

/// What both runs know of the machine.
pub(super) struct Controls<'a>(Vec<Pair<'a>>);

impl<'a> Controls<'a> {
    /// The nulls that are in both runs, and the pace of the CPUs: at 1 thread, and at the most that both know up to `threads`.
    pub(super) fn of(
        nulls: Option<(&'a Machine, &'a Machine)>,
        paces: Option<(&'a Curves, &'a Curves)>,
        threads: u32,
    ) -> Self {
        let in_both = |(old, new): (&'a Machine, &'a Machine)| {
            let counterpart = |(id, before): &'a (String, Curves)| {
                let (_, after) = new.0.iter().find(|(other, _)| other == id)?;
                Some((before, after))
            };
            old.0.iter().filter_map(counterpart)
        };
        let pair = |(before, after): (&'a Curves, &'a Curves)| {
            let common = |n: &u32| *n <= threads && before.column(*n).is_some();
            let most = after.threads().iter().copied().filter(common).max()?;
            let halves = Half::at_threads(before, most).zip(Half::at_threads(after, most));
            halves.and_then(|(old, new)| Pair::of(old, new, Scope::Saved))
        };
        let nulls = nulls.into_iter().flat_map(in_both);
        Self(nulls.chain(paces).filter_map(pair).collect())
    }

    /// The drift of a figure, as the nulls' own figures of this kind show it, and no less than all of theirs together:
    /// there are few of each kind. `None` where they have no spread.
    pub(super) fn drift(&self, part: &Part<'_>) -> Option<Drift> {
        let own = self.moved(&[part]);
        let all = self.moved(&[&|e| parts(e).performance, &|e| parts(e).scalability]);
        let ratio = mean_ratio(&own)?.max(mean_ratio(&all)?);
        let moved = own.iter().chain(&all).map(|null| null.moved);
        Some(Drift {
            ratio: ratio.max(0.0),
            most: moved.fold(0.0, f64::max),
            degrees: all.len() as f64,
        })
    }

    fn moved(&self, figures: &[&Part<'_>]) -> Vec<Moved> {
        let of = |pair| figures.iter().filter_map(move |part| Moved::of(pair, part));
        self.0.iter().flat_map(of).collect()
    }
}

fn mean_ratio(nulls: &[Moved]) -> Option<f64> {
    let sum: f64 = nulls.iter().map(|null| null.ratio).sum();
    (!nulls.is_empty()).then(|| sum / nulls.len() as f64)
}

/// What drift adds to the error of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Drift {
    /// The variance between runs, in variances between launches.
    ratio: f64,
    /// The most that any null moved by, a logarithm: drift is taken to be no larger than all that was seen of it.
    most: f64,
    /// How many figures this stands on.
    degrees: f64,
}

impl Drift {
    /// The factor with an error that covers the drift; `launches` is the smaller number of those that it stands on.
    pub(super) fn widen(&self, factor: Factor, launches: usize) -> Factor {
        let Some(difference) = factor.difference else {
            return factor;
        };
        let between_launches = difference.error.powi(2) * launches as f64;
        let drift = (self.ratio * between_launches).sqrt().min(self.most);
        factor.with_drift(drift, self.degrees)
    }
}

/// By how much a null moved.
struct Moved {
    /// An unbiased estimate of [`Drift::ratio`], which may be below 0.
    ratio: f64,
    /// A logarithm.
    moved: f64,
}

impl Moved {
    fn of(pair: &Pair<'_>, part: &Part<'_>) -> Option<Self> {
        let difference = pair.factor(part).difference?;
        let launches = pair.launches()? as f64;
        // The square of Student's t has the mean ν/(ν − 2), even where nothing drifts.
        let usual = 1.0 - 2.0 / difference.degrees;
        let known = difference.error > 0.0 && usual > 0.0;
        let square = (difference.estimate / difference.error).powi(2);
        known.then(|| Self {
            ratio: (square * usual - 1.0) / launches,
            moved: difference.estimate.abs(),
        })
    }
}
