//! Stretches of time, and what is left of one when others are cut out of it.

use scalebench_model::sort;

use super::SLICE_NS;

/// A stretch of time, ns of the worker's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::measure) struct Stretch {
    pub(super) begin: u64,
    pub(super) end: u64,
}

impl Stretch {
    /// ns.
    pub(super) fn length(self) -> u64 {
        self.end - self.begin
    }

    /// Whether it lies inside; the end is outside.
    pub(super) fn contains(self, time: u64) -> bool {
        time >= self.begin && time < self.end
    }

    /// The common part, where there is one.
    pub(super) fn meet(self, other: Self) -> Option<Self> {
        let common = Self {
            begin: self.begin.max(other.begin),
            end: self.end.min(other.end),
        };
        (common.begin < common.end).then_some(common)
    }
}

/// The length of all `stretches` together, ns.
pub(super) fn length(stretches: &[Stretch]) -> u64 {
    stretches.iter().map(|each| each.length()).sum()
}

/// The common parts of two lists of stretches (in order, disjoint).
pub(super) fn common(some: &[Stretch], others: &[Stretch]) -> Vec<Stretch> {
    let of = |one: &Stretch| {
        let one = *one;
        others.iter().filter_map(move |other| one.meet(*other))
    };
    some.iter().flat_map(of).collect()
}

/// What the `cuts` leave of a stretch.
pub(super) fn without(whole: Stretch, mut cuts: Vec<Stretch>) -> Vec<Stretch> {
    let mut left = Vec::new();
    let mut begin = whole.begin;
    sort::by(&mut cuts, &Stretch::cmp);
    for cut in cuts {
        if begin >= whole.end {
            break;
        }
        // What is left between two disturbances must be worth a slice: shorter bits begin with cold caches.
        let end = cut.begin.min(whole.end);
        if end >= begin + SLICE_NS / 2 {
            left.push(Stretch { begin, end });
        }
        begin = begin.max(cut.end);
    }
    if begin < whole.end {
        left.push(Stretch {
            begin,
            end: whole.end,
        });
    }
    left
}
