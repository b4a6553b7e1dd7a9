//! What moved under load: both sides' knees, and the old side's picture.

use super::split::Ends;
use crate::estimate::LoadCurves;
use crate::report::{Estimate, LoadChange, OldLoadPoint};

/// Both sides' knees, or why a side has none, and the old side's response times.
#[derive(Debug, Clone)]
pub(super) struct Moved {
    pub(super) old: Reach,
    pub(super) new: Reach,
    old_points: Vec<OldLoadPoint>,
}

/// How far a side was seen to carry load.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    /// Its knee, arrivals per second, where it has one.
    pub(super) knee_per_s: Option<f64>,
    /// Where it has none: whether that is because no rate was too high for it.
    pub(super) above_all: bool,
    /// The highest rate that counts, arrivals per second.
    pub(super) highest_per_s: f64,
}

impl Reach {
    fn of(curves: &LoadCurves) -> Self {
        let counted = curves.rates().iter().filter(|rate| rate.kept_up);
        Self {
            knee_per_s: curves.knee().map(|knee| knee.estimate),
            above_all: matches!(curves.knees(), [0, (1..), 0]),
            highest_per_s: counted.map(|rate| rate.offered_per_s).fold(0.0, f64::max),
        }
    }
}

impl Moved {
    pub(super) fn of(old: &LoadCurves, new: &LoadCurves) -> Self {
        Self {
            old: Reach::of(old),
            new: Reach::of(new),
            old_points: old_points(old),
        }
    }

    /// Whether both sides have a knee.
    pub(super) fn knees_compared(&self) -> bool {
        self.old.knee_per_s.is_some() && self.new.knee_per_s.is_some()
    }

    pub(super) fn change(&self, old: &Ends) -> LoadChange {
        LoadChange {
            knees_compared: self.knees_compared(),
            old_unloaded_latency_ns: old.r_one,
            old_knee_per_s: self.old.knee_per_s,
            old_points: self.old_points.clone(),
        }
    }
}

fn old_points(curves: &LoadCurves) -> Vec<OldLoadPoint> {
    let rates = curves.rates().iter().enumerate();
    rates
        .filter(|(_, rate)| rate.kept_up)
        .map(|(place, rate)| {
            let [_, p50, _, p99, _] = curves.responses(place);
            let figure = |e: Option<Estimate>| e.map(|e| e.estimate);
            OldLoadPoint {
                offered_per_s: rate.offered_per_s,
                p50_ns: figure(p50),
                p99_ns: figure(p99),
            }
        })
        .collect()
}
