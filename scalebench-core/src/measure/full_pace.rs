//! Which part of a window had CPUs at the pace that they can keep.

use scalebench_model::sort;

use super::log::Log;
use super::pace::Glance;
use super::stretch::{self, Stretch, without};

/// The pace that a CPU can keep: this share of its looks in a window found it as fast or faster.
const USUAL_RANK: f64 = 0.1;

/// Up to this ratio to it, a pace is as good: one look takes a tenth of a microsecond, half as long again beside a
/// neighbour on the core.
const TOLERANCE: f64 = 1.15;

/// Of fewer looks nobody can tell which were slow.
const LEAST_LOOKS: usize = 5;

/// If all CPUs were at full pace together for less than this share of the window, all of it counts, and its pace says so.
const LEAST_SHARE: f64 = 0.1;

/// Callers that want a CPU for less of their time do not depend on its pace, and one that has slept runs at any.
const LEAST_ON_CPU: f64 = 0.5;

/// Whether the pace of their CPUs tells anything of what these callers measured. A caller that sleeps several times between two
/// looks finds another pace after each, and to choose by it would be to choose by how often it slept.
fn matters(logs: &[Log]) -> bool {
    let depends = |log: &Log| {
        let waiting_ns: u64 = log.pauses.iter().map(|pause| pause.waiting_ns).sum();
        let most_ns = (log.passage_ns() * u64::from(log.threads)).saturating_sub(waiting_ns);
        // Where nobody knows the time on a CPU it is 0.
        let runs = log.on_cpu_ns == 0 || log.on_cpu_ns as f64 >= LEAST_ON_CPU * most_ns as f64;
        runs && !log.wakes_often()
    };
    logs.iter().all(depends)
}

/// What is left of `counted` without the times between two looks of which either found a caller's CPU slow.
///
/// They are told by the looks alone, never by what the calls took.
pub(super) fn at_full_pace(window: Stretch, counted: Vec<Stretch>, logs: &[Log]) -> Vec<Stretch> {
    let slow: Vec<Stretch> = logs.iter().flat_map(slow).collect();
    if slow.is_empty() || !matters(logs) {
        return counted;
    }
    let left = counted.iter().flat_map(|each| without(*each, slow.clone()));
    let left: Vec<Stretch> = left.collect();
    if (stretch::length(&left) as f64) < LEAST_SHARE * window.length() as f64 {
        return counted;
    }
    left
}

/// The mean pace of the slowest CPU within `stretches`, ns; `None` where nobody looked, or where it does not matter.
pub(super) fn pace_in(stretches: &[Stretch], logs: &[Log]) -> Option<f64> {
    if !matters(logs) {
        return None;
    }
    let of_log = |log: &Log| {
        let (mut sum, mut length) = (0.0, 0.0);
        for (between, [a, b]) in pairs(log) {
            let common = stretches.iter().filter_map(|each| each.meet(between));
            let common = common.map(Stretch::length).sum::<u64>() as f64;
            sum += common * f64::midpoint(a.pace_ns, b.pace_ns);
            length += common;
        }
        (length > 0.0).then(|| sum / length)
    };
    logs.iter().filter_map(of_log).max_by(f64::total_cmp)
}

/// The times between two looks of a caller, each with what they said.
fn pairs(log: &Log) -> impl Iterator<Item = (Stretch, [Glance; 2])> + '_ {
    log.glances.windows(2).map(|pair| {
        let [begin, end] = [pair[0].at, pair[1].at];
        (Stretch { begin, end }, [pair[0], pair[1]])
    })
}

fn slow(log: &Log) -> Vec<Stretch> {
    if log.glances.len() < LEAST_LOOKS {
        return Vec::new();
    }
    let mut paces: Vec<f64> = log.glances.iter().map(|glance| glance.pace_ns).collect();
    sort::by(&mut paces, &f64::total_cmp);
    let limit = TOLERANCE * paces[(USUAL_RANK * paces.len() as f64) as usize];
    let slow = pairs(log).filter(|(_, pair)| pair.iter().any(|glance| glance.pace_ns > limit));
    slow.map(|(between, _)| between).collect()
}

#[cfg(test)]
mod tests {
    use super::super::SLICE_NS;
    use super::super::log::{Pause, Span};
    use super::*;

    const WINDOW: Stretch = Stretch {
        begin: 1_000_000,
        end: 11_000_000,
    };

    /// A caller whose CPU had the pace `pace` at each slice.
    fn log(pace: impl Fn(u64) -> f64) -> Log {
        let spans = (0..24).map(|slice| Span {
            begin: slice * SLICE_NS,
            end: (slice + 1) * SLICE_NS,
            calls: 100,
        });
        let glances = (0..=24).map(|slice| Glance {
            at: slice * SLICE_NS,
            pace_ns: pace(slice),
        });
        Log {
            spans: spans.collect(),
            glances: glances.collect(),
            open: WINDOW.begin,
            close: WINDOW.end,
            threads: 1,
            ..Log::default()
        }
    }

    /// What counts of the window, by slice, and its pace.
    fn counts(logs: &[Log]) -> (Vec<(u64, u64)>, Option<f64>) {
        let counted = at_full_pace(WINDOW, vec![WINDOW], logs);
        let pace = pace_in(&counted, logs);
        let slices = counted
            .iter()
            .map(|each| (each.begin / SLICE_NS, each.end / SLICE_NS));
        (slices.collect(), pace)
    }

    /// Slow from one look to another.
    fn slow(from: u64, to: u64) -> Log {
        log(|slice| {
            if (from..=to).contains(&slice) {
                180.0
            } else {
                100.0
            }
        })
    }

    #[test]
    fn the_time_beside_a_neighbour_does_not_count() {
        assert_eq!(counts(&[slow(6, 9)]), (vec![(2, 5), (10, 22)], Some(100.0)));
    }

    #[test]
    fn one_slow_cpu_spoils_the_time_of_all() {
        let logs = [slow(6, 9), slow(12, 30)];
        assert_eq!(counts(&logs), (vec![(2, 5), (10, 11)], Some(100.0)));
    }

    #[test]
    fn a_drift_of_the_clock_is_kept() {
        let drifts = log(|slice| 100.0 + slice as f64 / 2.0);
        assert_eq!(counts(&[drifts]).0, [(2, 22)]);
    }

    #[test]
    fn where_cpus_were_never_fast_together_all_counts_and_the_pace_tells() {
        let logs = [slow(0, 12), slow(12, 24)];
        let (counted, pace) = counts(&logs);
        assert_eq!(counted, [(2, 22)]);
        assert!(pace > Some(130.0), "{pace:?}");
    }

    #[test]
    fn who_sleeps_depends_on_no_pace() {
        let mut sleeps = slow(6, 9);
        sleeps.on_cpu_ns = 4 * SLICE_NS;
        let mut wakes = slow(6, 9);
        (wakes.on_cpu_ns, wakes.arrivals) = (20 * SLICE_NS, 30);
        for log in [sleeps, wakes] {
            assert_eq!(counts(&[log]), (vec![(2, 22)], None));
        }
    }

    #[test]
    fn who_waits_for_a_cpu_depends_on_its_pace() {
        let mut waits = slow(6, 9);
        waits.on_cpu_ns = 8 * SLICE_NS;
        waits.pauses.push(Pause {
            begin: 0,
            end: 24 * SLICE_NS,
            on_cpu_ns: waits.on_cpu_ns,
            waiting_ns: 16 * SLICE_NS,
        });
        assert_eq!(counts(&[waits]).0, [(2, 5), (10, 22)]);
    }

    #[test]
    fn of_a_few_looks_nobody_can_tell_which_were_slow() {
        let mut few = slow(20, 24);
        few.glances.retain(|glance| glance.at % (6 * SLICE_NS) == 0);
        few.glances.truncate(4);
        let (counted, pace) = counts(&[few]);
        assert_eq!((counted, pace), (vec![(2, 22)], Some(100.0)));
    }

    #[test]
    fn without_looks_there_is_no_pace() {
        let mut blind = slow(6, 9);
        blind.glances.clear();
        assert_eq!(counts(&[blind]), (vec![(2, 22)], None));
    }
}
