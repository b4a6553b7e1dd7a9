//! The law in words.

use super::fit::Law;
use super::select::Selection;
use crate::data::{Axis, GroupKind, Mode};
use crate::estimate::Curves;
use crate::report::{Estimate, KarpFlatt, LawKind, Laws, MORE_THAN_ALL};
use crate::words::{capacity_number, estimate, list, number, share, share_estimate, time, two};

/// What a curve with too few points says, and which points it lacks. `counting` are those that count.
pub(super) fn too_few(
    counting: &[u32],
    karp_flatt: &[KarpFlatt],
    cpus: u32,
    curves: &Curves,
) -> String {
    let axis = curves.axis();
    let shown: Vec<String> = karp_flatt
        .iter()
        .filter(|k| is_shown(&k.serial_fraction))
        .map(|k| format!("{} at {}", share_estimate(&k.serial_fraction), k.threads))
        .collect();
    let add = what_to_add(counting, curves.threads(), cpus, axis);
    match shown.is_empty() {
        true => add,
        false => format!(
            "Serial fraction (Karp-Flatt) {} {}. {add}",
            shown.join(", "),
            axis.name()
        ),
    }
}

/// Whether a figure that cannot be negative is more than noise: its interval does not reach 0. One without an interval is not.
pub(super) fn is_shown(e: &Estimate) -> bool {
    e.level > 0.0 && e.lower > 0.0
}

/// `sampled` were asked for, though they may not count.
fn what_to_add(counting: &[u32], sampled: &[u32], cpus: u32, axis: Axis) -> String {
    let mut planned = counting.to_vec();
    let mut wanted = Vec::new();
    for candidate in [1, 2, 4, 8, 3, 6, 16] {
        let enough = planned.len() >= 4 && planned.iter().any(|&n| n >= 8);
        if !enough && !planned.contains(&candidate) {
            planned.push(candidate);
            wanted.push(candidate);
        }
    }
    crate::sort::distinct(&mut wanted);
    let is_beyond = |n: &u32| axis != Axis::Tasks && cpus > 0 && *n > cpus;
    let note = match wanted.iter().any(is_beyond) {
        true => format!(
            "; this machine has {}, which only code that blocks can go beyond",
            crate::words::count(cpus, "CPU")
        ),
        false => String::new(),
    };
    let counts = match axis {
        Axis::Threads => "thread counts",
        Axis::Tasks => "numbers of tasks",
        Axis::Processes => "numbers of processes",
        // Which numbers of callers there are depends on the threads in each process.
        Axis::Callers => {
            return format!(
                "A scaling model needs 4 numbers of callers that count, one of them 8 or more: add processes{note}."
            );
        }
    };
    let (there, add): (Vec<u32>, Vec<u32>) = wanted.iter().partition(|n| sampled.contains(n));
    let (beyond, again): (Vec<u32>, Vec<u32>) = there.iter().partition(|n| is_beyond(n));
    let steps: Vec<String> = [
        ("measure ", again, " again"),
        ("measure ", beyond, " where there are as many CPUs"),
        ("add ", add, ""),
    ]
    .into_iter()
    .filter(|(_, numbers, _)| !numbers.is_empty())
    .map(|(before, numbers, after)| format!("{before}{}{after}", list(&numbers)))
    .collect();
    format!(
        "A scaling model needs 4 {counts} that count, one of them 8 or more: {}{note}.",
        steps.join(", ")
    )
}

/// A part of a group has no law of its own.
pub(super) fn in_group(kind: GroupKind) -> String {
    match kind {
        GroupKind::Roles => "A role among others: no scaling model is fitted.",
        GroupKind::Mix => "One operation of a mix: no scaling model is fitted.",
    }
    .into()
}

/// Numbers so extreme that no law can be fitted.
pub(super) fn not_computable() -> String {
    "The figures lie too far apart to fit a scaling model.".into()
}

/// Even the closest law misfits.
pub(super) fn no_law(selection: &Selection) -> String {
    format!(
        "No scaling model describes this curve: the closest, {}, misses by up to {}.",
        match selection.chosen.law {
            Law::Linear => "a straight line",
            Law::Amdahl => "Amdahl's law",
            Law::Capacity => "a capacity",
            Law::Power => "a power law",
            Law::Usl => "the Universal Scalability Law",
        },
        miss(selection.largest_miss)
    )
}

/// The chosen law. `has_one` says whether a single caller was measured.
pub(super) fn law(laws: &Laws, foreseen: f64, has_one: bool, curves: &Curves) -> String {
    let (mode, axis) = (curves.mode(), curves.axis());
    let (name, says) = match laws.chosen {
        LawKind::Linear => ("Linear".to_owned(), vec![]),
        LawKind::Amdahl => ("Amdahl's law".to_owned(), amdahl(laws, has_one, mode, axis)),
        LawKind::Capacity => capacity(laws, mode, axis),
        LawKind::Power => ("Power law".to_owned(), vec![power(laws, mode, axis)]),
        LawKind::Usl => (
            "Universal Scalability Law".to_owned(),
            usl(laws, foreseen, mode, axis),
        ),
        LawKind::None | LawKind::Unresolved => return String::new(),
    };
    let near = laws.largest_miss.map_or_else(String::new, |largest| {
        format!(" within {}", miss(largest.max(LEAST_MISS)))
    });
    match says.is_empty() {
        true => format!("{name}{near}."),
        false => format!("{name}{near}: {}.", says.join("; ")),
    }
}

/// A smaller miss is said to be so much.
const LEAST_MISS: f64 = 0.001;

/// By how much a law misses: as a share, or as a factor where that would be more than everything.
fn miss(largest: f64) -> String {
    match largest < 0.995 {
        true => share(largest),
        false => format!("a factor of {}", number(1.0 + largest)),
    }
}

fn amdahl(laws: &Laws, has_one: bool, mode: Mode, axis: Axis) -> Vec<String> {
    let Some(sigma) = laws.sigma else {
        return vec![];
    };
    if sigma.estimate >= NEARLY_ALL {
        return vec![match mode {
            Mode::Parallel if sigma.estimate > MORE_THAN_ALL => {
                format!("more {} make a call slower", axis.name())
            }
            Mode::Parallel => format!("more {} make no call faster", axis.name()),
            // Behind a pool of any size throughput would be the same at these thread counts.
            _ if !has_one => constant(axis),
            _ if sigma.estimate > MORE_THAN_ALL => each_adds(laws, &sigma, axis),
            _ => "calls run one after the other".to_owned(),
        }];
    }
    if !is_shown(&sigma) {
        return vec!["how much of a call is serial cannot be told".to_owned()];
    }
    let mut says = vec![serial(&sigma)];
    says.extend(limit(laws, &sigma, mode, axis));
    says
}

/// From this share on nearly all of a call is serial: one big lock.
const NEARLY_ALL: f64 = 0.97;

fn serial(sigma: &Estimate) -> String {
    format!("{} of a call is serial", share_estimate(sigma))
}

/// What σ is where it is no share.
fn each_adds(laws: &Laws, sigma: &Estimate, axis: Axis) -> String {
    let lambda = laws.lambda.unwrap_or(f64::NAN);
    let one = axis.count(1);
    let more = one.trim_start_matches("1 ");
    format!(
        "each further {more} makes a call {} longer, {} times what it takes alone",
        time(1e9 / lambda * sigma.estimate),
        number(sigma.estimate)
    )
}

/// The throughput that no number of threads exceeds, where that lies within sight.
fn limit(laws: &Laws, sigma: &Estimate, mode: Mode, axis: Axis) -> Option<String> {
    laws.asymptote_per_s?;
    let times = Estimate {
        estimate: 1.0 / sigma.estimate,
        lower: 1.0 / sigma.upper,
        upper: 1.0 / sigma.lower,
        level: sigma.level,
    };
    let times = format!(
        "{} times [{}, {}]",
        number(times.estimate),
        number(times.lower),
        number(times.upper)
    );
    let one = axis.count(1).replace("1 ", "one ");
    Some(match mode {
        Mode::Parallel => {
            format!("a call cannot get more than {times} as fast as on {one}")
        }
        Mode::Concurrent | Mode::Load => {
            format!("throughput cannot exceed {times} that of {one}")
        }
    })
}

fn capacity(laws: &Laws, mode: Mode, axis: Axis) -> (String, Vec<String>) {
    let Some(capacity) = laws.capacity else {
        return ("Capacity".to_owned(), vec![]);
    };
    let interval = match capacity.level > 0.0 {
        true => format!(" [{}, {}]", two(capacity.lower), two(capacity.upper)),
        false => String::new(),
    };
    let says = match mode {
        Mode::Parallel => format!("a call uses no more than so many {}", axis.name()),
        Mode::Concurrent | Mode::Load => {
            "so many calls run at a time, and the others wait".to_owned()
        }
    };
    let name = format!("Capacity of {}{interval}", capacity_number(&capacity));
    (name, vec![says])
}

fn power(laws: &Laws, mode: Mode, axis: Axis) -> String {
    let Some(p) = laws.exponent else {
        return String::new();
    };
    let falls = Estimate {
        estimate: -p.estimate,
        lower: -p.upper,
        upper: -p.lower,
        level: p.level,
    };
    let what = match mode {
        Mode::Parallel => "the speedup",
        Mode::Concurrent | Mode::Load => "throughput",
    };
    if is_shown(&p) {
        format!("{what} grows as N to the power {}", estimate(&p))
    } else if is_shown(&falls) {
        format!("{what} falls as 1/N to the power {}", estimate(&falls))
    } else {
        constant(axis)
    }
}

fn constant(axis: Axis) -> String {
    format!("throughput hardly depends on the number of {}", axis.name())
}

fn usl(laws: &Laws, foreseen: f64, mode: Mode, axis: Axis) -> Vec<String> {
    let sigma = laws.sigma.filter(|s| is_shown(s) && s.estimate <= 1.0);
    let kappa = laws.kappa.filter(is_shown);
    let threads = axis.name();
    let pairs = kappa.map(|kappa| match kappa.upper <= 1.0 {
        true => format!("each pair of {threads} adds {}", share_estimate(&kappa)),
        false => format!(
            "each pair of {threads} adds {} times what a call takes alone",
            number(kappa.estimate)
        ),
    });
    let parts: Vec<String> = sigma
        .as_ref()
        .map(serial)
        .into_iter()
        .chain(pairs)
        .collect();
    let mut says = Vec::new();
    if !parts.is_empty() {
        says.push(parts.join(" and "));
    }
    says.push(peak(laws, kappa.is_some(), foreseen, mode, axis));
    says
}

fn peak(laws: &Laws, has_kappa: bool, foreseen: f64, mode: Mode, axis: Axis) -> String {
    let (is_highest, peaks, where_it_peaks) = match mode {
        Mode::Parallel => (
            "a call is fastest",
            "a call is fastest",
            "how many threads make a call fastest",
        ),
        Mode::Concurrent | Mode::Load => (
            "throughput is highest",
            "throughput peaks",
            "where throughput peaks",
        ),
    };
    let threads = axis.name();
    match laws.peak_threads {
        Some(peak) if peak < 1.5 => {
            format!("{is_highest} with {}", axis.count(1).replace("1 ", "one "))
        }
        Some(peak) => format!("{peaks} near {:.0} {threads}", peak.round()),
        None if has_kappa => {
            format!("{peaks} beyond {foreseen:.0} {threads}, further than these points can tell")
        }
        None => format!("these points do not fix {where_it_peaks}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_is_not_to_be_added() {
        let of = |counting: &[u32], sampled: &[u32], cpus| {
            let words = what_to_add(counting, sampled, cpus, Axis::Threads);
            let (_, steps) = words.split_once(": ").expect("what to do");
            steps.to_owned()
        };
        assert_eq!(of(&[1, 2], &[1, 2], 8), "add 4 and 8.");
        assert_eq!(of(&[1], &[1, 2], 8), "measure 2 again, add 4 and 8.");
        let beyond = of(&[1, 2], &[1, 2, 4, 8], 2);
        assert!(beyond.starts_with("measure 4 and 8 where"), "{beyond}");
        let both = of(&[1], &[1, 2, 4], 2);
        assert!(
            both.starts_with("measure 2 again, measure 4 where"),
            "{both}"
        );
        assert!(both.contains(", add 8; this machine has 2 CPUs"), "{both}");
    }
}
