//! The law in words.

use super::fit::{Law, Selection};
use crate::data::{Axis, GroupKind, Mode};
use crate::estimate::Curves;
use crate::report::{KarpFlatt, LawKind, Laws};
use crate::words::{estimate, list, number, share, share_estimate};

/// What a curve with too few points says, and which points it lacks.
pub(super) fn too_few(measured: &[u32], karp_flatt: &[KarpFlatt], cpus: u32, axis: Axis) -> String {
    let known = match karp_flatt {
        [] if measured.len() == 1 => format!(
            "Only {} counts, so nothing is known about scaling.",
            axis.count(measured[0])
        ),
        [] => format!(
            "Without a point at {}, nothing is known about efficiency.",
            axis.count(1)
        ),
        some => {
            let fractions: Vec<String> = some
                .iter()
                .map(|k| format!("{} at {}", share_estimate(&k.serial_fraction), k.threads))
                .collect();
            format!(
                "Serial fraction (Karp-Flatt) {} {}.",
                fractions.join(", "),
                axis.name()
            )
        }
    };
    format!("{known} {}", what_to_add(measured, cpus, axis))
}

fn what_to_add(measured: &[u32], cpus: u32, axis: Axis) -> String {
    let mut planned = measured.to_vec();
    let mut add = Vec::new();
    for candidate in [1, 2, 4, 8, 3, 6, 16] {
        let enough = planned.len() >= 4 && planned.iter().any(|&n| n >= 8);
        if !enough && !planned.contains(&candidate) {
            planned.push(candidate);
            add.push(candidate);
        }
    }
    crate::sort::distinct(&mut add);
    let beyond = axis != Axis::Tasks && add.iter().any(|&n| cpus > 0 && n > cpus);
    let note = match beyond {
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
                "A law needs 4 numbers of callers that count, one of them 8 or more: add processes{note}."
            );
        }
    };
    format!(
        "A law needs 4 {counts} that count, one of them 8 or more: add {}{note}.",
        list(&add)
    )
}

/// A part of a group has no law of its own.
pub(super) fn in_group(kind: GroupKind) -> String {
    match kind {
        GroupKind::Roles => "A role among others: no law is fitted.",
        GroupKind::Mix => "One operation of a mix: no law is fitted.",
    }
    .into()
}

/// Numbers so extreme that no law can be fitted.
pub(super) fn not_computable() -> String {
    "The figures lie too far apart to fit a law.".into()
}

/// Even the best law misfits.
pub(super) fn no_law(selection: &Selection, superlinear: Option<(u32, f64)>, axis: Axis) -> String {
    format!(
        "No law describes this curve: the best, {}, typically misses by {}.{}",
        name(selection.best),
        share(selection.typical_miss),
        superlinear_words(superlinear, axis)
    )
}

fn name(law: Law) -> &'static str {
    match law {
        Law::Linear => "a straight line",
        Law::Amdahl => "Amdahl's law",
        Law::Power => "a power law",
        Law::Usl => "the Universal Scalability Law",
    }
}

fn superlinear_words(superlinear: Option<(u32, f64)>, axis: Axis) -> String {
    superlinear.map_or_else(String::new, |(n, efficiency)| {
        format!(
            " It is superlinear: efficiency is {} at {}.",
            share(efficiency),
            axis.count(n)
        )
    })
}

/// The chosen law.
pub(super) fn law(
    laws: &Laws,
    foreseen: f64,
    superlinear: Option<(u32, f64)>,
    curves: &Curves,
) -> String {
    let (mode, axis) = (curves.mode(), curves.axis());
    let sigma = laws.sigma.as_ref().map(share_estimate).unwrap_or_default();
    let sentence = match laws.chosen {
        LawKind::Linear => "Scales linearly: no serial part can be told.".to_owned(),
        LawKind::Amdahl if wholly_serial(laws) => {
            format!(
                "Calls run one after the other ({sigma} is serial): throughput does not grow with {}.",
                axis.name()
            )
        }
        LawKind::Amdahl => format!("{sigma} of a call is serial{}.", limit(laws, mode, axis)),
        LawKind::Usl => {
            let kappa = laws.kappa.as_ref().map(share_estimate).unwrap_or_default();
            format!(
                "{sigma} of a call is serial and each pair of {} adds {kappa}; {}.",
                axis.name(),
                peak(laws, foreseen, axis)
            )
        }
        LawKind::Power => {
            let exponent = laws.exponent.as_ref().map(estimate).unwrap_or_default();
            format!("Throughput grows as N to the power {exponent}.")
        }
        LawKind::None | LawKind::Unresolved => String::new(),
    };
    format!("{sentence}{}", superlinear_words(superlinear, axis))
}

/// Whether σ is 1 or more, as far as can be told: one big lock.
fn wholly_serial(laws: &Laws) -> bool {
    const NEARLY_ALL: f64 = 0.97;
    laws.sigma
        .is_some_and(|s| s.estimate >= NEARLY_ALL && s.upper >= 1.0)
}

fn limit(laws: &Laws, mode: Mode, axis: Axis) -> String {
    let Some(sigma) = laws.sigma.filter(|_| laws.asymptote_per_s.is_some()) else {
        return String::new();
    };
    let what = match mode {
        Mode::Parallel => "a call cannot get more than",
        Mode::Concurrent | Mode::Load => "throughput cannot exceed",
    };
    let times = match (mode, axis) {
        (Mode::Parallel, _) => "times as fast as on one thread",
        (Mode::Concurrent | Mode::Load, Axis::Threads) => "times that of one thread",
        (Mode::Concurrent | Mode::Load, Axis::Tasks) => "times that of one task",
        (Mode::Concurrent | Mode::Load, Axis::Processes) => "times that of one process",
        (Mode::Concurrent | Mode::Load, Axis::Callers) => "times that of one caller",
    };
    format!("; {what} {} {times}", number(1.0 / sigma.estimate))
}

fn peak(laws: &Laws, foreseen: f64, axis: Axis) -> String {
    let what = axis.name();
    match laws.peak_threads {
        Some(peak) => format!("throughput peaks near {:.0} {what}", peak.round()),
        None if laws.kappa.is_some_and(|k| k.level > 0.0 && k.lower > 0.0) => {
            format!(
                "throughput peaks beyond {foreseen:.0} {what}, further than these points can tell"
            )
        }
        None => "these points do not fix where throughput peaks".to_owned(),
    }
}
