//! What other processes did to the callers of a window, and which of its time is left.
//!
//! Between two looks a caller may have waited for a CPU. Where its calls are short the time between the two looks is left out, for
//! all callers: contention shows only while all of them run. But no look happens inside a call. If a call that is longer
//! than the time between two looks went with its wait, just the long calls would be missing, and the more of them the longer they
//! are. So a long call is kept, and the wait is taken off what it took.

use super::SLICE_NS;
use super::full_pace::at_full_pace;
use super::log::{Log, Pause};
use super::stretch::{Stretch, common, length, without};

/// A span that took longer than this is kept with its waits taken off; ns. Twice the time between two looks, so that a span
/// of calls that are much shorter is none unless one of them was long.
const LONG_NS: u64 = 2 * SLICE_NS;

/// A wait of this share of the time between two looks still counts as undisturbed: the kernel's own housekeeping.
const QUIET_SHARE: f64 = 0.01;

/// Of a long call of several threads (a pool's), at most this share may be waits: they may have been at the same time or one
/// after the other, which nobody knows, so what is left of it would be.
const MOST_OF_A_POOL: f64 = 0.5;

/// What is known of one caller.
#[derive(Debug, Default)]
pub(super) struct Disturbance {
    /// Spans of which a wait is taken off, by their place in the log and in order: so many ns.
    taken_off: Vec<(usize, u64)>,
    /// Pauses with a wait that no long span explains.
    pauses: Vec<Pause>,
    /// All pauses with a wait.
    waits: Vec<Pause>,
}

impl Disturbance {
    pub(super) fn of(log: &Log) -> Self {
        let mut found = Self::default();
        for pause in &log.pauses {
            let waits = longest_in(log, pause).map(|place| Waits::of(log, place, pause));
            found
                .taken_off
                .extend(waits.iter().map(|waits| (waits.place, waits.ns)));
            let explained = waits.is_some_and(|waits| waits.in_long);
            if is_noticed(pause) {
                found.waits.push(*pause);
                if !explained {
                    found.pauses.push(*pause);
                }
            }
        }
        found
    }

    /// What the span at `place` took of its own, ns.
    pub(super) fn own_ns(&self, log: &Log, place: usize) -> u64 {
        let span = log.spans[place];
        let known = self.taken_off.binary_search_by_key(&place, |&(at, _)| at);
        let waited = known.map_or(0, |at| self.taken_off[at].1);
        (span.end - span.begin).saturating_sub(waited)
    }

    /// Whether a span that took so long is one of those that are kept with their waits taken off.
    pub(super) fn is_long(own_ns: u64) -> bool {
        own_ns > LONG_NS
    }
}

/// The times that pauses leave out; after a long wait, for `warm_up_ns` more.
fn cuts(pauses: &[Pause], warm_up_ns: u64) -> impl Iterator<Item = Stretch> + '_ {
    pauses.iter().map(move |pause| {
        let cold_ns = match pause.waiting_ns >= COLD_AFTER_NS {
            true => warm_up_ns,
            false => 0,
        };
        Stretch {
            begin: pause.begin,
            end: pause.end + cold_ns,
        }
    })
}

/// Which of a caller's pauses leave out time.
type Which = fn(&Disturbance) -> &[Pause];

fn is_noticed(pause: &Pause) -> bool {
    pause.waiting_ns as f64 > QUIET_SHARE * (pause.end - pause.begin) as f64
}

/// The place of the span that took longest in a pause. The pause ends when a span does, so all of it lies inside.
fn longest_in(log: &Log, pause: &Pause) -> Option<usize> {
    let first = log.spans.partition_point(|span| span.begin < pause.begin);
    let inside = log.spans[first..].iter();
    let inside = inside.take_while(|span| span.end <= pause.end);
    let longest = inside
        .enumerate()
        .max_by_key(|(_, span)| span.end - span.begin);
    longest.map(|(place, _)| first + place)
}

/// What is taken off the longest span of a pause.
struct Waits {
    place: usize,
    ns: u64,
    /// Whether it is a long span even so.
    in_long: bool,
}

impl Waits {
    fn of(log: &Log, place: usize, pause: &Pause) -> Self {
        let span = log.spans[place];
        let whole_ns = span.end - span.begin;
        let own_ns = whole_ns.saturating_sub(pause.waiting_ns);
        let known = log.threads <= 1 || own_ns as f64 >= MOST_OF_A_POOL * whole_ns as f64;
        Self {
            place,
            // Of what nobody knows the own part, all goes.
            ns: if known { pause.waiting_ns } else { whole_ns },
            in_long: known && Disturbance::is_long(own_ns),
        }
    }
}

/// Whoever waits so long for a CPU, ns, finds the caches cold when it comes back.
const COLD_AFTER_NS: u64 = 500_000;

/// How long they take to warm up, ns. A walk through 32 MiB beside busy processes took 183 ns a step at first, 165 after
/// 0.8 ms and from 1.2 ms on as much as on a quiet machine, 158.
const WARM_UP_NS: u64 = 1_000_000;

/// Only warm time counts where it is so much of the undisturbed time.
const WARM_SHARE: f64 = 0.5;

/// At least this share of the window must be undisturbed where threads sleep and wake within slices.
const TRUSTED_SHARE: f64 = 0.5;

/// The time of a window that counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Counting {
    /// Short spans that begin in these stretches count (in order, disjoint).
    pub(super) short: Vec<Stretch>,
    /// Long spans that begin in these stretches count.
    pub(super) long: Vec<Stretch>,
    /// The time of the regime that counts: in which nobody waited, whether in a long span or not, and no CPU was slow. How fast a
    /// CPU is has to do with whether its caller has just slept, so it decides of no long call.
    pub(super) regime: Vec<Stretch>,
    /// Length of what does not count only because a CPU was slow, ns.
    pub(super) slow_ns: u64,
}

impl Counting {
    /// All of the window.
    pub(super) fn all_of(window: Stretch) -> Self {
        Self {
            short: vec![window],
            long: vec![window],
            regime: vec![window],
            slow_ns: 0,
        }
    }

    /// What of it lies within these stretches (in order, disjoint).
    pub(super) fn within(self, stretches: &[Stretch]) -> Self {
        Self {
            short: common(&self.short, stretches),
            long: common(&self.long, stretches),
            regime: common(&self.regime, stretches),
            ..self
        }
    }

    /// What other processes, and CPUs that were slow, left of a window.
    pub(super) fn of(window: Stretch, logs: &[Log], disturbed: &[Disturbance]) -> Self {
        let left = |which| trusted(window, warm(window, disturbed, which), logs);
        let regime = left(|each| &each.waits);
        let paced = at_full_pace(window, regime.clone(), logs);
        Self {
            slow_ns: length(&regime) - length(&paced),
            short: left(|each| &each.pauses),
            long: vec![window],
            regime: paced,
        }
    }
}

/// The parts of the window in which no caller waited for a CPU, in whole slices; after a long wait, from `warm_up_ns` later
/// on.
fn undisturbed(
    window: Stretch,
    disturbed: &[Disturbance],
    which: Which,
    warm_up_ns: u64,
) -> Vec<Stretch> {
    let all = disturbed
        .iter()
        .flat_map(|each| cuts(which(each), warm_up_ns));
    without(window, all.filter_map(|cut| cut.meet(window)).collect())
}

/// The same for short spans, with caches warm or cold.
pub(super) fn undisturbed_for_short(window: Stretch, disturbed: &[Disturbance]) -> Vec<Stretch> {
    undisturbed(window, disturbed, |each| &each.pauses, 0)
}

/// The part of the undisturbed stretches in which caches are warm, unless too little would be left.
fn warm(window: Stretch, disturbed: &[Disturbance], which: Which) -> Vec<Stretch> {
    let left = undisturbed(window, disturbed, which, 0);
    let warm = undisturbed(window, disturbed, which, WARM_UP_NS);
    let enough = WARM_SHARE * length(&left) as f64;
    if left.is_empty() || (length(&warm) as f64) < enough {
        return left;
    }
    warm
}

/// The undisturbed stretches, unless what is left of the window is no fair part of it: where threads sleep and wake
/// several times in a slice, every waking may have to wait for a CPU, and what shows no wait are the slices in which
/// they happened to sleep least.
fn trusted(window: Stretch, left: Vec<Stretch>, logs: &[Log]) -> Vec<Stretch> {
    let selected = (length(&left) as f64) < TRUSTED_SHARE * window.length() as f64;
    if selected && logs.iter().any(Log::wakes_often) {
        return Vec::new();
    }
    left
}
