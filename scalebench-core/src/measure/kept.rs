//! Which calls of a window count, and what they took.
//!
//! A call counts if it *began* in time that counts, and then with all of its time, wherever it ended. So neither the opening
//! nor the close nor anything that is cut out decides by how long a call is: windows begin where a call has just ended, so
//! calls that are cut pro rata at the edges, or dropped there, would be the long ones. Whole calls from a
//! first to a last one, however the last is chosen without knowing its length, have the right mean.
//! Source: Wald, "On cumulative sums of random variables", Annals of Mathematical Statistics 15, 1944.

use scalebench_model::sort;

use super::disturbance::{Counting, Disturbance};
use super::log::{Log, Span};
use super::stretch::Stretch;

/// A span that counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Kept {
    /// Its place in the log.
    pub(super) place: usize,
    /// What it took of its own, ns: by a clock of the user's, where there is one.
    pub(super) own_ns: f64,
    pub(super) calls: f64,
    pub(super) long: bool,
}

/// The spans of one caller that count.
pub(super) fn kept(log: &Log, counting: &Counting, disturbed: &Disturbance) -> Vec<Kept> {
    let (mut short, mut long) = (Within::of(&counting.short), Within::of(&counting.long));
    let mut all = Vec::with_capacity(log.spans.len());
    for (place, span) in log.spans.iter().enumerate() {
        let own_ns = disturbed.own_ns(log, place);
        let is_long = Disturbance::is_long(own_ns);
        let (in_short, in_long) = (short.has(span.begin), long.has(span.begin));
        if (is_long && in_long) || (!is_long && in_short) {
            let own_ns = log.own_times.get(place).copied().unwrap_or(own_ns);
            all.push(Kept {
                place,
                own_ns: own_ns as f64,
                calls: span.calls as f64,
                long: is_long,
            });
        }
    }
    all
}

/// Walks through stretches (in order, disjoint) with times that never go back.
struct Within<'a> {
    rest: &'a [Stretch],
}

impl<'a> Within<'a> {
    fn of(stretches: &'a [Stretch]) -> Self {
        Self { rest: stretches }
    }

    fn has(&mut self, time: u64) -> bool {
        while let Some((first, rest)) = self.rest.split_first() {
            if time < first.end {
                return first.contains(time);
            }
            self.rest = rest;
        }
        false
    }
}

/// What calls took, and how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Totals {
    pub(super) ns: f64,
    pub(super) calls: f64,
}

impl Totals {
    pub(super) fn of<'a>(spans: impl IntoIterator<Item = &'a Kept>) -> Self {
        let mut sum = Self::default();
        for span in spans {
            sum.ns += span.own_ns;
            sum.calls += span.calls;
        }
        sum
    }
}

/// All callers' calls that count.
#[derive(Debug)]
pub(super) struct Calls {
    pub(super) totals: Totals,
    /// How much a long span weighs: the share of the short ones' time that counts.
    pub(super) weight_of_long: f64,
    pub(super) rare: Rare,
    /// What a call took in the middle one of the spans, ns.
    pub(super) typical_ns: f64,
}

impl Calls {
    /// Of the callers' spans that count; `all` are those that would if others had disturbed nobody.
    ///
    /// Short spans beside others' doing are left out and long ones are kept, so each long one stands for fewer: else there would
    /// be too many of them.
    pub(super) fn of(kept: &[Vec<Kept>], all: &[Vec<Kept>]) -> Self {
        let short = |spans: &[Vec<Kept>]| Totals::of(spans.iter().flatten().filter(|s| !s.long));
        let long = Totals::of(kept.iter().flatten().filter(|span| span.long));
        let (counted, whole) = (short(kept), short(all));
        let weight = match whole.ns > 0.0 {
            true => counted.ns / whole.ns,
            false => 1.0,
        };
        let (typical_ns, rare) = Rare::of(kept, weight);
        Self {
            totals: Totals {
                ns: counted.ns + weight * long.ns,
                calls: counted.calls + weight * long.calls,
            },
            weight_of_long: weight,
            rare,
            typical_ns,
        }
    }
}

/// Spans that took more than twice as long as the middle one: by how much, in all.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Rare {
    pub(super) ns: f64,
    /// The sum of the squares, ns².
    pub(super) squares: f64,
}

/// From this ratio to the middle one on, a span is a long one for its benchmark.
const RARE: f64 = 2.0;

impl Rare {
    /// And what a call took in the middle one, ns.
    fn of(kept: &[Vec<Kept>], weight_of_long: f64) -> (f64, Self) {
        let mut by_length: Vec<&Kept> = kept.iter().flatten().collect();
        sort::by(&mut by_length, &|a, b| a.own_ns.total_cmp(&b.own_ns));
        let Some(middle) = by_length.get(by_length.len() / 2) else {
            return (0.0, Self::default());
        };
        let mut rare = Self::default();
        for span in by_length.iter().rev() {
            if span.own_ns <= RARE * middle.own_ns {
                break;
            }
            let weight = if span.long { weight_of_long } else { 1.0 };
            let excess = span.own_ns - middle.own_ns;
            rare.ns += weight * excess;
            rare.squares += weight * excess * excess;
        }
        let typical_ns = match middle.calls > 0.0 {
            true => middle.own_ns / middle.calls,
            false => 0.0,
        };
        (typical_ns, rare)
    }
}

/// The items or bytes of a mean call that counts, where they are counted from the inputs.
///
/// A mean over calls: multiplied by calls per second it is items or bytes per second, however unlike the calls are.
pub(super) fn work_per_call(logs: &[Log], kept: &[Vec<Kept>]) -> Option<f64> {
    let (mut calls, mut work) = (0.0, 0.0);
    for (log, spans) in logs.iter().zip(kept) {
        for span in spans {
            let Some(of_span) = log.works.get(span.place) else {
                continue;
            };
            calls += span.calls;
            work += of_span;
        }
    }
    (calls > 0.0).then(|| work / calls)
}

/// The stretches that the spans of a caller that count fill (in order, disjoint).
pub(super) fn stretches(spans: &[Span], kept: &[Kept]) -> Vec<Stretch> {
    filled(kept.iter().map(|kept| &spans[kept.place]))
}

/// The stretches that these spans of a caller fill (in order, disjoint).
pub(super) fn filled<'a>(spans: impl IntoIterator<Item = &'a Span>) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    for span in spans {
        match all.last_mut() {
            Some(last) if last.end == span.begin => last.end = span.end,
            _ => all.push(Stretch {
                begin: span.begin,
                end: span.end,
            }),
        }
    }
    all
}
