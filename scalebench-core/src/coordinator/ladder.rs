//! The ladder of load mode: windows of arrivals at rates up to and past what the closed loop carries.

use std::time::Instant;

use scalebench_model::data::{LoadPlan, LoadSample, Sample, Schedule};
use scalebench_model::stats::{Random, hash_text};

use super::ask::{AskError, Worker, failed, unexpected};
use super::launch::{Session, Settled, SideError, in_turn, on_each};
use crate::planner::LoadSettings;
use crate::protocol::{LoadOrder, Order, Reply};

/// The rates, as shares of the closed loop's greatest throughput. Below a half a queue is rare and a few steps tell the
/// level; the knee lies between there and the end; the last is more than can be carried.
pub(crate) const SHARES: [f64; 10] = [0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1];

/// A window is to hold so many arrivals at half of the closed loop's throughput: ten of them lie beyond a p99.
const WANTED_ARRIVALS: f64 = 1_000.0;

/// It is never planned shorter than this, ns, or than so many calls at full throughput, whatever the budget.
const LEAST_WINDOW_NS: f64 = 2e8;
const LEAST_CALLS: f64 = 20.0;

/// And holds no more arrivals than this, budget or not: what a sample can tell is told by them.
const MOST_ARRIVALS: f64 = 300_000.0;

/// Arrivals before the window, as a share of it: by then the queue is about as long as it will be.
const RAMP: f64 = 0.2;

/// The wait after the window for what is still queued or running, as a share of it: what 150 % of the throughput leave.
const GRACE: f64 = 0.5;

/// What a window takes in all, times its length: the ramp, and on the upper rungs the wait afterwards.
const COST: f64 = 1.3;

/// What a service carries of which nothing is known yet, calls a second.
const USUAL_PER_S: f64 = 2_000.0;

/// Calls of the first look at a service, and the rate at which they come.
const PROBES: f64 = 5.0;
const PROBES_PER_S: f64 = 200.0;

/// The rates of one side, found in its first launch and kept, so that launches can be averaged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ladder {
    rates: Vec<f64>,
    pub(crate) window_ns: f64,
    rounds: u32,
}

impl Ladder {
    /// Makes the ladder of a code whose closed loop carries `most_per_s` with `launches` launches.
    fn new(settings: &LoadSettings, most_per_s: f64, launches: u32) -> Self {
        let rates: Vec<f64> = match settings.rate_per_s {
            Some(rate) => vec![rate],
            None => SHARES
                .iter()
                .map(|share| round(share * most_per_s))
                .collect(),
        };
        let budget_ns = settings.max_time_ns / f64::from(launches.max(1));
        let a_rung_ns = budget_ns / rates.len() as f64;
        let wanted_ns = (2e9 * WANTED_ARRIVALS / most_per_s).max(LEAST_WINDOW_NS);
        let least_ns = 1e9 * LEAST_CALLS / most_per_s;
        let window_ns = settings
            .window_ns
            .unwrap_or_else(|| wanted_ns.min(a_rung_ns / COST).max(least_ns));
        let fitting = a_rung_ns / (COST * window_ns);
        Self {
            rates,
            window_ns,
            rounds: (fitting as u32).clamp(1, settings.rounds.max(1)),
        }
    }

    /// The ladder of a service that is neither fast nor slow: a first guess, before one was looked at.
    pub(super) fn usual(settings: &LoadSettings, launches: u32) -> Self {
        Self::new(settings, USUAL_PER_S, launches)
    }

    /// About how long it takes to climb it on one side, ns.
    pub(super) fn time_ns(&self) -> f64 {
        let windows = self.rates.len() as f64 * f64::from(self.rounds);
        COST * windows * self.window_ns
    }

    fn rungs(&self) -> Vec<u32> {
        (0..self.rates.len() as u32).collect()
    }
}

/// To three significant digits, so that people can say the rate.
fn round(rate: f64) -> f64 {
    let unit = 10_f64.powf(rate.log10().floor() - 2.0);
    let rounded = (rate / unit).round() * unit;
    if rounded.is_finite() && rounded > 0.0 {
        // Without the dust of the division in what is written down.
        format!("{rounded:.6e}").parse().unwrap_or(rounded)
    } else {
        rate
    }
}

/// The closed loop's throughput with all callers, calls a second; `None` without any.
fn most_per_s(samples: &[Sample], callers: u32) -> Option<f64> {
    let at_most = samples.iter().filter(|sample| sample.threads == callers);
    let (calls, ns) = at_most.fold((0.0, 0.0), |(calls, ns), sample| {
        (calls + sample.calls, ns + sample.window_ns)
    });
    Some(1e9 * calls / ns).filter(|rate| rate.is_finite() && *rate > 0.0)
}

/// One window of arrivals on one side.
fn ask(
    session: &mut Session<'_>,
    settings: &LoadSettings,
    round: u32,
    (rate, window_ns): (f64, f64),
    seed: u64,
) -> Result<LoadSample, AskError> {
    let LoadPlan {
        schedule,
        callers,
        timeout_ns,
        ..
    } = settings.plan;
    let window_ns = bounded(window_ns, rate);
    let order = LoadOrder {
        round,
        rate_per_s: rate,
        schedule,
        seed,
        callers,
        ramp_ns: (RAMP * window_ns) as u64,
        window_ns: window_ns as u64,
        grace_ns: (GRACE * window_ns) as u64,
        timeout_ns: timeout_ns.map(|timeout| timeout as u64),
    };
    match session.worker.ask(&Order::Load(order))? {
        Reply::Load(sample) => Ok(sample),
        other => Err(unexpected(&other)),
    }
}

/// The length of a window whose arrivals are not too many, ns.
fn bounded(window_ns: f64, rate: f64) -> f64 {
    window_ns.min(1e9 * MOST_ARRIVALS / rate).max(1.0)
}

/// What the window of a rate that was asked for takes in all, ns: at least, and at most, where calls queue. `None` of a ladder, whose
/// windows follow from the budget.
pub(crate) fn asked_ns(settings: &LoadSettings) -> Option<[f64; 2]> {
    let window_ns = bounded(settings.window_ns?, settings.rate_per_s?);
    Some([1.0 + RAMP, 1.0 + RAMP + GRACE].map(|times| times * window_ns))
}

/// Every call an error: there is nothing to measure.
fn all_errors<'a>(samples: impl Iterator<Item = &'a LoadSample>) -> Result<(), AskError> {
    let (mut errors, mut others, mut first) = (0, 0, None);
    for sample in samples {
        errors += sample.errors;
        others += sample.completed + sample.timed_out;
        first = first.or(sample.first_error.as_deref());
    }
    match first {
        Some(first) if errors > 0 && others == 0 => {
            Err(failed(format!("every call returned an error: {first}")))
        }
        _ => Ok(()),
    }
}

/// A few calls before anything is measured: a service that is not up is told from a fast one.
pub(super) fn probe(session: &mut Session<'_>) -> Result<(), AskError> {
    match &session.plan.load {
        Some(settings) => look(session.worker.as_mut(), settings.plan.callers),
        None => Ok(()),
    }
}

/// Lets a few calls arrive.
///
/// # Errors
/// When all of them return an error, beside what may go wrong with any order.
pub(crate) fn look(worker: &mut dyn Worker, callers: u32) -> Result<(), AskError> {
    let order = LoadOrder {
        round: 0,
        rate_per_s: PROBES_PER_S,
        schedule: Schedule::Constant,
        seed: 0,
        callers,
        ramp_ns: 0,
        window_ns: (1e9 * PROBES / PROBES_PER_S) as u64,
        // An error may take its time to come.
        grace_ns: 10_000_000_000,
        timeout_ns: None,
    };
    match worker.ask(&Order::Load(order))? {
        Reply::Load(sample) => all_errors(std::iter::once(&sample)),
        other => Err(unexpected(&other)),
    }
}

/// Climbs the ladder round by round, its rungs in random order, on every side in turn.
pub(super) fn climb(
    sessions: &mut [Session<'_>],
    settled: &mut Settled,
    launch: u32,
) -> Result<(), SideError> {
    let begin = Instant::now();
    let Some(plan) = sessions.first().map(|session| session.plan) else {
        return Ok(());
    };
    let Some(settings) = &plan.load else {
        return Ok(());
    };
    for (side, session) in sessions.iter().enumerate() {
        let most = most_per_s(&session.records[0].samples, settings.plan.callers);
        let ladders = &mut settled.ladders;
        if ladders.len() <= side {
            ladders.push(Ladder::new(settings, most.unwrap_or(1.0), plan.launches));
        }
    }
    let Settled { ladders, order, .. } = settled;
    let budget_ns = settings.max_time_ns / f64::from(plan.launches) * sessions.len() as f64;
    let seed = settings.seed ^ hash_text(&plan.info.id);
    let mut seeds = Random::for_task(seed, u64::from(launch));
    let (rounds, rungs) = (ladders[0].rounds, ladders[0].rungs());
    for round in 0..rounds {
        if round > 0 && begin.elapsed().as_nanos() as f64 > budget_ns {
            break;
        }
        for rung in order.shuffle(&rungs) {
            // Both sides get the same arrivals, but for the rate.
            let seed = seeds.next_u64();
            for side in in_turn(sessions.len(), round.wrapping_add(launch)) {
                let ladder = &ladders[side];
                let step = (ladder.rates[rung as usize], ladder.window_ns);
                let session = &mut sessions[side];
                let sample = ask(session, settings, round, step, seed);
                let sample = sample.map_err(|error| SideError { side, error })?;
                session.records[0].load.push(sample);
            }
        }
    }
    on_each(sessions, launch, |session| {
        all_errors(session.records[0].load.iter())
    })
}

#[cfg(test)]
mod tests {
    use scalebench_model::data::Mode;

    use super::*;

    fn settings(rate_per_s: Option<f64>, seconds: f64) -> LoadSettings {
        LoadSettings {
            plan: LoadPlan {
                schedule: Schedule::Poisson,
                callers: 16,
                timeout_ns: None,
                window_ns: 0.0,
                knee_factor: LoadPlan::KNEE_FACTOR,
            },
            rate_per_s,
            window_ns: None,
            rounds: 10,
            max_time_ns: seconds * 1e9,
            seed: 1,
        }
    }

    #[test]
    fn the_ladder_goes_past_what_the_closed_loop_carries() {
        let ladder = Ladder::new(&settings(None, 60.0), 498.7, 5);
        assert_eq!(ladder.rates.len(), SHARES.len());
        assert_eq!((ladder.rates[0], ladder.rates[9]), (49.9, 549.0));
        // 5 launches of 10 rungs leave 1.2 s each: one window, shorter than wanted.
        assert_eq!(ladder.rounds, 1);
        assert!(
            (0.9e9..0.95e9).contains(&ladder.window_ns),
            "{}",
            ladder.window_ns
        );
    }

    #[test]
    fn fast_code_gets_short_windows_and_more_of_them() {
        let ladder = Ladder::new(&settings(None, 60.0), 1e6, 5);
        assert_eq!((ladder.window_ns, ladder.rounds), (2e8, 4));
    }

    #[test]
    fn a_window_holds_some_calls_whatever_the_budget() {
        let ladder = Ladder::new(&settings(None, 1.0), 2.0, 5);
        assert_eq!((ladder.window_ns, ladder.rounds), (1e10, 1));
    }

    #[test]
    fn one_rate_is_a_ladder_of_one_rung() {
        let one = LoadSettings {
            window_ns: Some(2e9),
            rounds: 1,
            ..settings(Some(5_000.0), 60.0)
        };
        let ladder = Ladder::new(&one, 1e6, 5);
        assert_eq!(
            (ladder.rates.as_slice(), ladder.rounds),
            (&[5_000.0][..], 1)
        );
        assert_eq!(ladder.window_ns, 2e9);
    }

    #[test]
    fn the_closed_loop_counts_with_all_callers() {
        let sample = |threads, latency_ns| Sample::from_latency(Mode::Load, 0, threads, latency_ns);
        let samples = [
            sample(1, 1e3),
            sample(16, 8e6),
            sample(16, 7.9e6),
            sample(16, 8.1e6),
        ];
        let most = most_per_s(&samples, 16).expect("a rate");
        assert!((most - 2_000.0).abs() < 1e-6, "{most}");
        assert_eq!(most_per_s(&samples, 2), None);
    }
}
