//! Why a curve bends: what of a call's time grows as threads are added.

use crate::data::{Axis, Mode};
use crate::report::{Cause, Dominant, Flag, Point};
use crate::words::{share, time};

/// Growth below this share of a single call is not called a cause.
const LEAST_GROWTH: f64 = 0.02;
/// A second part with at least this share of the growth is named too.
const WORTH_NAMING: f64 = 0.15;
/// Below this efficiency of the nulls, the machine itself bends.
const CEILING_BENDS: f64 = 0.9;
/// By so much the streaming null must lie below the computing one to speak of memory.
const BANDWIDTH_GAP: f64 = 0.05;

/// Compares the largest thread count that counts with one thread; `None` where there is nothing to say.
///
/// `points` are a benchmark's points, ascending. Where no point above one thread counts, the largest measured one is read: that its
/// threads waited for CPUs is then the bottleneck. `cpus` are those of the machine, 0 where unknown.
#[must_use]
pub fn cause(points: &[Point], mode: Mode, axis: Axis, cpus: u32) -> Option<Cause> {
    let measured = |p: &&Point| !p.flags.contains(&Flag::NotMeasured);
    let last = largest(points)?;
    let first = points.iter().filter(measured).find(|p| p.threads == 1)?;
    if first.flags.contains(&Flag::WaitsAlone) {
        return Some(nothing(waits_in_vain(points, first, axis)));
    }
    let (alone, together) = (Split::of(first)?, Split::of(last)?);
    let wanted = f64::from(last.threads) + last.helpers.unwrap_or(0.0).ceil();
    let growth = Growth::between(&alone, &together, cpus > 0 && wanted > f64::from(cpus));
    let n = axis.count_in(last.threads, last.grid);
    if growth.longer_ns() <= noise_ns(first, last, mode) {
        return growth.unproven(&n, mode, first).map(nothing);
    }
    let (dominant, _) = growth.parts()[0];
    Some(Cause {
        dominant,
        sentence: format!(
            "{}{}.{}{}",
            growth.words(&n, mode),
            helpers(first, last, cpus),
            hardware(dominant, first, last),
            machine(dominant, last)
        ),
    })
}

/// The point with the most threads above one, of those that count if any does.
fn largest(points: &[Point]) -> Option<&Point> {
    let mut above_one = points
        .iter()
        .rev()
        .filter(|p| p.threads > 1 && !p.flags.contains(&Flag::NotMeasured));
    let measured = above_one.clone().next();
    above_one.find(|p| p.counted).or(measured)
}

fn nothing(sentence: String) -> Cause {
    Cause {
        dominant: Dominant::None,
        sentence,
    }
}

/// What there is in place of a cause where a call alone waits for other roles.
fn waits_in_vain(points: &[Point], first: &Point, axis: Axis) -> String {
    let latency = |p: &&Point| p.latency_ns.estimate;
    let measured = points
        .iter()
        .filter(|p| !p.flags.contains(&Flag::NotMeasured));
    let fastest = measured.min_by(|a, b| latency(a).total_cmp(&latency(b)));
    let fastest = fastest.unwrap_or(first);
    format!(
        "Alone a call waits in vain for the other roles ({}, against {} at {}), so there is no single call that an \
         efficiency could refer to.",
        time(latency(&first)),
        time(latency(&fastest)),
        axis.count(fastest.threads)
    )
}

/// The thread time of a call, ns.
struct Split {
    on_cpu: f64,
    waiting: f64,
    blocked: f64,
}

impl Split {
    fn of(point: &Point) -> Option<Self> {
        Some(Self {
            on_cpu: point.on_cpu_ns?,
            waiting: point.waiting_ns?,
            blocked: point.blocked_ns?,
        })
    }
}

/// What grew, the most first, ns.
struct Growth([(Dominant, f64); 3]);

impl Growth {
    /// While all threads fit the CPUs, waiting for one is other processes' doing and no cause.
    fn between(alone: &Split, together: &Split, beyond_cpus: bool) -> Self {
        let waiting = match beyond_cpus {
            true => together.waiting - alone.waiting,
            false => 0.0,
        };
        let mut parts = [
            (Dominant::Blocked, together.blocked - alone.blocked),
            (Dominant::OnCpu, together.on_cpu - alone.on_cpu),
            (Dominant::Waiting, waiting),
        ];
        crate::sort::by(&mut parts, &|a, b| b.1.total_cmp(&a.1));
        Self(parts)
    }

    fn parts(&self) -> &[(Dominant, f64); 3] {
        &self.0
    }

    fn longer_ns(&self) -> f64 {
        self.0.iter().map(|(_, ns)| ns).sum()
    }

    /// Shares are of all that grew: a part that shrank does not make the others more than everything.
    fn share(&self, ns: f64) -> f64 {
        ns / self.0.iter().map(|(_, ns)| ns.max(0.0)).sum::<f64>()
    }

    /// What can be said of a growth that the intervals do not carry, if it seems to be one.
    fn unproven(&self, n: &str, mode: Mode, first: &Point) -> Option<String> {
        let (what, alone) = match mode {
            Mode::Parallel => ("more thread time", "at 1"),
            Mode::Concurrent | Mode::Load => ("longer", "alone"),
        };
        if self.longer_ns() <= LEAST_GROWTH * first.latency_ns.estimate {
            return None;
        }
        let longer = time(self.longer_ns());
        Some(format!(
            "At {n} a call took {longer} {what} than {alone}, but the figures vary too much to say that it does."
        ))
    }

    fn words(&self, n: &str, mode: Mode) -> String {
        let [(dominant, most), (second, next), _] = *self.parts();
        let longer = time(self.longer_ns());
        let verb = match dominant {
            Dominant::OnCpu => "takes",
            _ => "waits",
        };
        let opening = match mode {
            Mode::Parallel => format!("At {n} a call takes {longer} more thread time than at 1"),
            _ => format!("At {n} a call {verb} {longer} longer than alone"),
        };
        let also = match self.share(next) {
            s if s >= WORTH_NAMING => format!(", {} {}", share(s), short(second)),
            _ => String::new(),
        };
        format!(
            "{opening}: {} of that is {}{also}",
            share(self.share(most)),
            long(dominant, mode)
        )
    }
}

fn long(part: Dominant, mode: Mode) -> &'static str {
    match (part, mode) {
        (Dominant::Blocked, Mode::Parallel) => {
            "blocked (threads without work, a lock, sleep or I/O)"
        }
        (Dominant::Blocked, _) => "blocked (a lock, sleep or I/O)",
        (Dominant::OnCpu, _) => {
            "on the CPU (shared cache lines, spinning, retries or memory bandwidth)"
        }
        (Dominant::Waiting, _) => "waiting for a CPU (more threads than CPUs)",
        (Dominant::None, _) => "nothing",
    }
}

fn short(part: Dominant) -> &'static str {
    match part {
        Dominant::Blocked => "blocked",
        Dominant::OnCpu => "on the CPU",
        Dominant::Waiting => "waiting for a CPU",
        Dominant::None => "nothing",
    }
}

/// By so much instructions a call must have grown to speak of spinning or retries.
const MORE_INSTRUCTIONS: f64 = 1.2;

/// What the hardware counters say when time on the CPU grew: more instructions are spinning or retries, the same
/// instructions in more cycles are stalls.
fn hardware(dominant: Dominant, first: &Point, last: &Point) -> String {
    if dominant != Dominant::OnCpu {
        return String::new();
    }
    let (Some(alone), Some(together)) = (first.instructions_per_call, last.instructions_per_call)
    else {
        return String::new();
    };
    let what = if together > MORE_INSTRUCTIONS * alone {
        "spinning or retries"
    } else {
        "stalls on shared cache lines or memory"
    };
    format!(" Instructions a call go from {alone:.0} to {together:.0}: {what}.")
}

/// What the nulls say when time on the CPU grew.
fn machine(dominant: Dominant, last: &Point) -> String {
    if dominant != Dominant::OnCpu {
        return String::new();
    }
    let computing = last.ceiling.unwrap_or(1.0);
    if computing < CEILING_BENDS {
        return format!(
            " The machine has a part in it: code that only computes reaches an efficiency of {} here.",
            share(computing)
        );
    }
    match last.ceiling_streaming {
        Some(streaming)
            if streaming < CEILING_BENDS
                && streaming < computing - BANDWIDTH_GAP
                && bandwidth_could_do_it(last, streaming) =>
        {
            format!(
                " Memory bandwidth may have a part in it: code that only streams through memory reaches an efficiency \
                 of {} here.",
                share(streaming)
            )
        }
        _ => String::new(),
    }
}

/// What else uses the CPUs: for a call that waits for helpers, the time looks blocked.
fn helpers(first: &Point, last: &Point, cpus: u32) -> String {
    match last.helpers {
        Some(busy) if cpus > 0 => format!(
            "; helper threads of the program keep {busy:.1} of {} busy ({:.1} alone)",
            crate::words::count(cpus, "CPU"),
            first.helpers.unwrap_or(0.0)
        ),
        _ => String::new(),
    }
}

/// Code that loses much more than what only streams does not lose it to bandwidth.
fn bandwidth_could_do_it(last: &Point, streaming: f64) -> bool {
    last.efficiency
        .is_none_or(|efficiency| efficiency.upper >= streaming - BANDWIDTH_GAP)
}

/// What the intervals of the two latencies leave open, but at least a small share of a single call.
fn noise_ns(first: &Point, last: &Point, mode: Mode) -> f64 {
    let threads = match mode {
        Mode::Parallel => f64::from(last.threads),
        Mode::Concurrent | Mode::Load => 1.0,
    };
    let half = |p: &Point| (p.latency_ns.upper - p.latency_ns.lower) / 2.0;
    (half(first) + threads * half(last)).max(LEAST_GROWTH * first.latency_ns.estimate)
}
