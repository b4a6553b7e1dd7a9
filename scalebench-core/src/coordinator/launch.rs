//! One launch of one benchmark: prepare, size, warm up, measure, finish.

use std::time::Instant;

use scalebench_model::data::{Host, LaunchRecord, Mode, PercentileSample, Sample};
use scalebench_model::estimate::{LongCalls, is_sampled};

use super::ask::{AskError, Spawn, Worker, failed, unexpected};
use super::crowd::start_worker;
use super::hurry::Hurry;
use super::ladder::{self, Ladder};
use super::order::Order as RoundOrder;
use super::pace::{self, BestPace};
use super::sizing::{Sized, Sizing};
use super::steady::{AGREEING, is_steady};
use crate::features::LOAD;
use crate::planner::BenchmarkPlan;
use crate::protocol::{Order, Part, Prepare, Reply, TIMED_CALL_NS, WindowKind, WindowOrder};

/// What a launch needs to know of the machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Machine<'a> {
    /// CPU numbers in the order in which threads are placed; empty: not pinned.
    pub(crate) placement: &'a [u32],
    /// CPUs that may be used.
    pub(crate) cpus: u32,
    /// Physical cores among them.
    pub(crate) cores: u32,
    /// Whether workers may ask the system to run before other processes.
    pub(crate) may_hurry: bool,
}

impl<'a> Machine<'a> {
    /// The same for a worker on another host, pinned if workers here would be.
    fn at(&self, host: &'a Host) -> Self {
        let pinned = !self.placement.is_empty();
        Self {
            placement: if pinned { &host.placement } else { &[] },
            cpus: host.cpus,
            cores: host.physical_cores,
            may_hurry: self.may_hurry,
        }
    }
}

/// One side of a comparison in the middle of a launch; most runs have only one.
pub(super) struct Session<'a> {
    pub(super) worker: Box<dyn Worker>,
    pub(super) plan: &'a BenchmarkPlan,
    window_ns: u64,
    /// The longest chunk at the least thread count so far, ns.
    longest_ns: f64,
    /// One for each function of a group, else one.
    pub(super) records: Vec<LaunchRecord>,
    hurry: Hurry,
}

/// What ended a launch, and on which side.
#[derive(Debug)]
pub(crate) struct SideError {
    /// Index into the sides.
    pub(crate) side: usize,
    pub(crate) error: AskError,
}

/// The sides in the order in which they take turns: A B, then B A, so that neither always goes first.
pub(super) fn in_turn(sides: usize, turn: u32) -> impl Iterator<Item = usize> {
    (0..sides).map(move |place| {
        if turn % 2 == 1 {
            sides - 1 - place
        } else {
            place
        }
    })
}

/// Does the same on every side, one after the other.
pub(super) fn on_each(
    sessions: &mut [Session<'_>],
    turn: u32,
    mut act: impl FnMut(&mut Session<'_>) -> Result<(), AskError>,
) -> Result<(), SideError> {
    for side in in_turn(sessions.len(), turn) {
        act(&mut sessions[side]).map_err(|error| SideError { side, error })?;
    }
    Ok(())
}

/// What the first launch of a benchmark finds out, and the others keep to.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(crate) sizing: Option<Sizing>,
    /// Rounds that a launch took: more than planned where calls are rare and long, and then the others take as many.
    pub(crate) rounds: u32,
    /// In load mode, one for each side.
    pub(crate) ladders: Vec<Ladder>,
    pub(crate) order: RoundOrder,
    pub(crate) pace: BestPace,
}

/// Runs one launch on every side, window by window in turn, so that drift hits all alike. The first one settles how.
pub(crate) fn measure(
    plan: &BenchmarkPlan,
    launch: u32,
    settled: &mut Settled,
    machine: &Machine<'_>,
    sides: &[&dyn Spawn],
) -> Result<Vec<LaunchRecord>, SideError> {
    let mut sessions = start_all(plan, launch, &mut settled.sizing, machine, sides)?;
    let Some(sizing) = settled.sizing else {
        return Ok(Vec::new());
    };
    sweep(&mut sessions, settled, launch, machine)?;
    if LOAD && plan.load.is_some() {
        ladder::climb(&mut sessions, settled, launch)?;
    } else {
        on_each(&mut sessions, launch, |session| {
            session.percentiles(sizing.call_ns)
        })?;
    }
    on_each(&mut sessions, launch, |session| {
        session.expect_done(&Order::Finish)
    })?;
    let mut records = Vec::new();
    for session in sessions {
        records.extend(session.records);
    }
    Ok(records)
}

/// Starts a worker on every side. The first launch sets `sizing`.
fn start_all<'a>(
    plan: &'a BenchmarkPlan,
    launch: u32,
    sizing: &mut Option<Sizing>,
    machine: &Machine<'_>,
    sides: &[&dyn Spawn],
) -> Result<Vec<Session<'a>>, SideError> {
    let mut sessions = Vec::new();
    let mut sized: Option<Sized> = None;
    for side in in_turn(sides.len(), launch) {
        let started = Session::start(plan, launch, machine, sides[side]);
        let (session, found) = started.map_err(|error| SideError { side, error })?;
        sessions.push(session);
        // Both sides get the same window, and the slower call decides how long it must be.
        if sized.is_none_or(|sized| found.call_ns > sized.call_ns) {
            sized = Some(found);
        }
    }
    if launch % 2 == 1 {
        sessions.reverse();
    }
    if let (None, Some(sized)) = (&sizing, sized) {
        *sizing = Some(Sizing::new(plan, sized));
    }
    if LOAD {
        on_each(&mut sessions, launch, ladder::probe)?;
    }
    Ok(sessions)
}

/// Warms up and measures the closed loop at every thread count, round by round.
fn sweep(
    sessions: &mut [Session<'_>],
    settled: &mut Settled,
    launch: u32,
    machine: &Machine<'_>,
) -> Result<(), SideError> {
    let (Some(plan), Some(sizing)) = (sessions.first().map(|s| s.plan), settled.sizing) else {
        return Ok(());
    };
    let begin = Instant::now();
    on_each(sessions, launch, |session| {
        session.warm_up(sizing.window_ns)
    })?;
    let budget_ns = plan.max_time_ns / f64::from(plan.launches) * sessions.len() as f64;
    let spent = |share: f64| begin.elapsed().as_nanos() as f64 > share * budget_ns;
    let mut rounds = settle_window(sessions, settled, plan);
    let mut round = 0;
    while round < rounds.max(settled.rounds) {
        // Threads that wait for their turn make windows longer than planned; then rounds give way, too.
        let most = if round < rounds { 2.0 } else { 1.0 };
        if round >= Sizing::least_rounds(plan) && spent(most) {
            break;
        }
        for threads in settled.order.shuffle(&plan.threads) {
            sample_all(sessions, round, threads, launch)?;
        }
        rounds = settle_window(sessions, settled, plan);
        round += 1;
    }
    let best = &mut settled.pace;
    let records = sessions.iter().flat_map(|session| &session.records);
    records.for_each(|record| best.note(&record.samples));
    let lacks = |session: &Session<'_>, threads: u32, extra: u32| {
        let within = |most: u32| extra < rounds.saturating_mul(most);
        let fits = threads <= machine.cpus;
        let disturbed = fits && within(MOST_EXTRA) && session.lacks(threads, rounds, &|_| true);
        let kept = |sample: &Sample| best.is_kept_by(sample);
        let slow = fits && within(MOST_EXTRA_FOR_PACE) && session.lacks(threads, rounds, &kept);
        let own = session.has_long_calls(plan.threads.first().copied().unwrap_or(1));
        let few = own && session.lacks_long_calls(threads);
        !spent(1.0) && (disturbed || slow || few)
    };
    let extra = make_up(sessions, &mut settled.order, round, launch, &lacks)?;
    let long = |session: &Session<'_>| {
        plan.threads
            .first()
            .is_some_and(|&n| session.has_long_calls(n))
    };
    if sessions.iter().any(long) {
        settled.rounds = settled.rounds.max(round.saturating_add(extra));
    }
    Ok(())
}

/// Lets windows be as long as the longest call so far asks for, on all sides and in all launches to come; returns how many
/// rounds of them there are to be.
fn settle_window(sessions: &mut [Session<'_>], settled: &mut Settled, plan: &BenchmarkPlan) -> u32 {
    let longest = sessions.iter().map(|session| session.longest_ns);
    let longest_ns = longest.fold(0.0, f64::max);
    let Some(sizing) = &mut settled.sizing else {
        return 0;
    };
    *sizing = sizing.with_longest(plan, longest_ns);
    for session in sessions {
        session.window_ns = sizing.window_ns;
    }
    sizing.rounds
}

/// One window at `threads` on every side. Who goes first changes from round to round.
fn sample_all(
    sessions: &mut [Session<'_>],
    round: u32,
    threads: u32,
    launch: u32,
) -> Result<(), SideError> {
    for side in in_turn(sessions.len(), round.wrapping_add(launch)) {
        let session = &mut sessions[side];
        let samples = session
            .sample(round, threads, WindowKind::Measured)
            .map_err(|error| SideError { side, error })?;
        for (record, sample) in session.records.iter_mut().zip(samples) {
            record.samples.push(sample);
        }
    }
    if sessions.len() > 1 {
        let records = sessions.iter_mut().flat_map(|session| &mut session.records);
        pace::share(records.filter_map(|record| record.samples.last_mut()));
    }
    Ok(())
}

/// Goes on sampling the thread counts at which other processes, or a slow CPU, left too little time that counts, or at which too few
/// long calls were seen. Returns how many rounds that took.
fn make_up(
    sessions: &mut [Session<'_>],
    order: &mut RoundOrder,
    rounds: u32,
    launch: u32,
    lacks: &dyn Fn(&Session<'_>, u32, u32) -> bool,
) -> Result<u32, SideError> {
    let Some(plan) = sessions.first().map(|session| session.plan) else {
        return Ok(0);
    };
    let mut extra = 0;
    loop {
        let mut wanting = plan.threads.clone();
        wanting.retain(|&n| sessions.iter().any(|session| lacks(session, n, extra)));
        if wanting.is_empty() {
            return Ok(extra);
        }
        for threads in order.shuffle(&wanting) {
            sample_all(sessions, rounds.saturating_add(extra), threads, launch)?;
        }
        extra += 1;
    }
}

/// Lets the worker make the state, and sizes a call.
fn prepare(
    worker: &mut dyn Worker,
    plan: &BenchmarkPlan,
    machine: &Machine<'_>,
) -> Result<Sized, AskError> {
    let max_threads = plan.threads.last().copied().unwrap_or(1);
    let prepare = Prepare {
        id: plan.info.id.clone(),
        max_threads,
        placement: machine.placement.to_vec(),
        cpus: machine.cpus,
        cores: machine.cores,
        load: plan.info.mode == Mode::Load,
        part: Part::default(),
    };
    match worker.ask(&Order::Prepare(prepare))? {
        Reply::Done => {}
        other => return Err(unexpected(&other)),
    }
    match worker.ask(&Order::Size)? {
        Reply::Sized {
            call_ns,
            chunk_calls,
            timing_ns,
        } => Ok(Sized {
            call_ns,
            chunk_calls,
            timing_ns,
        }),
        other => Err(unexpected(&other)),
    }
}

/// Warm-up ends after so many windows, steady or not.
const MOST_WARM_UP: usize = 15;

/// It also ends when so much of a launch's budget is spent.
const WARM_UP_SHARE: f64 = 0.2;

/// At most so many extra windows a round and thread count, to make up for what other processes disturbed.
const MOST_EXTRA: u32 = 8;

/// At most so many where CPUs are slow: a neighbour beyond this system stays for a moment or for minutes.
const MOST_EXTRA_FOR_PACE: u32 = 2;

/// Rare calls that take so much of the time make every launch as long as the first that met them, as a share.
const MUCH_OF_THE_TIME: f64 = 0.1;

/// As much undisturbed time is wanted as this share of the planned rounds.
const WANTED_SHARE: f64 = 0.3;

impl<'a> Session<'a> {
    fn expect_done(&mut self, order: &Order) -> Result<(), AskError> {
        match self.worker.ask(order)? {
            Reply::Done => Ok(()),
            other => Err(unexpected(&other)),
        }
    }

    /// One sample for each of the records.
    fn sample(
        &mut self,
        round: u32,
        threads: u32,
        kind: WindowKind,
    ) -> Result<Vec<Sample>, AskError> {
        let order = WindowOrder {
            round,
            threads,
            window_ns: self.window_ns,
            kind,
        };
        let mut samples = match self.worker.ask(&Order::Window(order))? {
            Reply::Sample(sample) => vec![sample],
            Reply::Samples { samples } => samples,
            other => return Err(unexpected(&other)),
        };
        self.check(samples.iter().map(|sample| sample.threads), threads)?;
        if self.plan.threads.first() == Some(&threads) {
            let longest = samples.iter().map(|sample| sample.longest_ns);
            self.longest_ns = longest.fold(self.longest_ns, f64::max);
        }
        self.hurry.discount(&mut samples);
        if self.hurry.is_called_for(&samples) {
            self.hurry_up()?;
        }
        Ok(samples)
    }

    /// Lets the worker run before other processes, where the system allows it.
    fn hurry_up(&mut self) -> Result<(), AskError> {
        let raised = match self.worker.ask(&Order::Hurry)? {
            Reply::Hurried { raised } => raised,
            other => return Err(unexpected(&other)),
        };
        self.hurry.answered(raised);
        for record in &mut self.records {
            record.raised_priority = raised;
        }
        Ok(())
    }

    /// Starts a worker, which makes the state and sizes a call.
    fn start(
        plan: &'a BenchmarkPlan,
        launch: u32,
        machine: &Machine<'_>,
        spawn: &dyn Spawn,
    ) -> Result<(Self, Sized), AskError> {
        let most = plan.threads.last().copied().unwrap_or(1);
        let mut worker = start_worker(spawn, launch, &plan.info, most)?;
        let there = worker.host().map(|host| host.machine.clone());
        let record = LaunchRecord {
            launch,
            host: worker.host().map(|host| host.name.clone()),
            ..LaunchRecord::default()
        };
        let machine = there.as_ref().map_or(*machine, |there| machine.at(there));
        let sized = prepare(worker.as_mut(), plan, &machine)?;
        Ok((
            Self {
                worker,
                plan,
                window_ns: 0,
                longest_ns: 0.0,
                records: vec![record; 1 + plan.others.len()],
                hurry: Hurry::new(plan, &machine),
            },
            sized,
        ))
    }

    /// Runs windows that are not recorded until latency is steady, and notes whether it became so.
    fn warm_up(&mut self, window_ns: u64) -> Result<(), AskError> {
        self.window_ns = window_ns;
        let first = self.plan.threads.first().copied().unwrap_or(1);
        let mut latencies: Vec<Vec<f64>> = vec![Vec::new(); self.records.len()];
        let mut windows = 0;
        let mut steady = false;
        let begin = Instant::now();
        let budget_ns = WARM_UP_SHARE * self.plan.max_time_ns / f64::from(self.plan.launches);
        let spent = || begin.elapsed().as_nanos() as f64 > budget_ns;
        while !steady && windows < MOST_WARM_UP && (windows < AGREEING || !spent()) {
            let samples = self.sample(0, first, WindowKind::WarmUp)?;
            for (latencies, sample) in latencies.iter_mut().zip(&samples) {
                latencies.push(typical_latency(sample));
            }
            windows += 1;
            let is_last = windows == MOST_WARM_UP || spent();
            steady = latencies
                .iter()
                .all(|latencies| is_steady(latencies, is_last));
        }
        for &threads in self.plan.threads.iter().skip(1) {
            self.sample(0, threads, WindowKind::WarmUp)?;
        }
        for record in &mut self.records {
            record.steady = steady;
        }
        Ok(())
    }

    /// Whether too little of what was sampled at `threads` counts, where only the windows of which `counts` holds do.
    fn lacks(&self, threads: u32, rounds: u32, counts: &dyn Fn(&Sample) -> bool) -> bool {
        let wanted_ns = WANTED_SHARE * f64::from(rounds) * self.window_ns as f64;
        self.records.iter().any(|record| {
            let counting = samples_at(record, threads).filter(|sample| counts(sample));
            counting.map(Sample::even_ns).sum::<f64>() < wanted_ns
        })
    }

    /// Whether too few of the calls that are rare and long were seen at `threads`, for this launch's part in the run.
    fn lacks_long_calls(&self, threads: u32) -> bool {
        let part = 1.0 / f64::from(self.plan.launches);
        let mode = self.plan.info.mode;
        let at_count = |record: &LaunchRecord| !is_sampled(samples_at(record, threads), mode, part);
        self.records.iter().any(at_count)
    }

    /// Whether there were any that matter.
    fn has_long_calls(&self, threads: u32) -> bool {
        let matter = |long: LongCalls| long.share > MUCH_OF_THE_TIME;
        let mode = self.plan.info.mode;
        let of = |record| LongCalls::of(samples_at(record, threads), mode).is_some_and(matter);
        self.records.iter().any(of)
    }

    fn percentiles(&mut self, call_ns: f64) -> Result<(), AskError> {
        if call_ns < TIMED_CALL_NS {
            return Ok(());
        }
        for &threads in &self.plan.threads {
            let percentiles = self.percentile(threads)?;
            for (record, percentiles) in self.records.iter_mut().zip(percentiles) {
                record.percentiles.extend(percentiles);
            }
        }
        Ok(())
    }

    fn percentile(&mut self, threads: u32) -> Result<Vec<Option<PercentileSample>>, AskError> {
        let order = WindowOrder {
            round: 0,
            threads,
            window_ns: self.window_ns,
            kind: WindowKind::Percentiles,
        };
        let percentiles = match self.worker.ask(&Order::Window(order))? {
            Reply::Percentiles(percentiles) => vec![Some(percentiles)],
            Reply::PercentilesOfEach { percentiles } => percentiles,
            other => return Err(unexpected(&other)),
        };
        let known = |one: &Option<PercentileSample>| one.as_ref().map_or(threads, |p| p.threads);
        self.check(percentiles.iter().map(known), threads)?;
        Ok(percentiles)
    }

    /// Refuses figures that nobody has ordered: those of other numbers of threads than `ordered`, or of other functions.
    fn check(
        &self,
        mut counts: impl ExactSizeIterator<Item = u32>,
        ordered: u32,
    ) -> Result<(), AskError> {
        let (functions, wanted) = (counts.len(), self.records.len());
        if functions != wanted {
            return Err(failed(format!(
                "the worker measured {functions} functions where {wanted} were ordered"
            )));
        }
        match counts.find(|&count| count != ordered) {
            Some(other) => Err(failed(format!(
                "the worker measured {} where {} was ordered",
                self.plan.info.axis.count(other),
                self.plan.info.axis.count(ordered)
            ))),
            None => Ok(()),
        }
    }
}

fn samples_at(record: &LaunchRecord, threads: u32) -> impl Iterator<Item = &Sample> {
    let samples = record.samples.iter();
    samples.filter(move |sample| sample.threads == threads)
}

/// What a typical call of a window took, ns; infinite when nothing counts. The mean of uneven calls would never be steady.
fn typical_latency(sample: &Sample) -> f64 {
    if sample.counted_calls > 0.0 {
        sample.typical_ns
    } else {
        f64::INFINITY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Replies to every window with what was measured at 3 threads.
    struct AlwaysThree;

    impl Worker for AlwaysThree {
        fn send(&mut self, _order: &Order) -> Result<(), AskError> {
            Ok(())
        }

        fn receive(&mut self) -> Result<Reply, AskError> {
            let sample = Sample::from_latency(Mode::Concurrent, 0, 3, 100.0);
            Ok(Reply::Sample(sample))
        }
    }

    fn sampled(threads: u32, functions: usize) -> Result<Vec<Sample>, AskError> {
        let plan = BenchmarkPlan::plain(vec![1, 2, 3]);
        let machine = Machine {
            placement: &[],
            cpus: 4,
            cores: 4,
            may_hurry: false,
        };
        let mut session = Session {
            worker: Box::new(AlwaysThree),
            plan: &plan,
            window_ns: 1_000,
            longest_ns: 0.0,
            records: vec![LaunchRecord::default(); functions],
            hurry: Hurry::new(&plan, &machine),
        };
        session.sample(0, threads, WindowKind::Measured)
    }

    #[test]
    fn figures_that_nobody_ordered_are_refused() {
        assert!(sampled(3, 1).is_ok());
        let refused = |threads, functions| match sampled(threads, functions) {
            Err(AskError::Failed(failure)) => failure.message,
            other => panic!("{other:?}"),
        };
        let message = refused(2, 1);
        assert!(
            message.contains("3 threads") && message.contains("2 threads"),
            "{message}"
        );
        assert!(refused(3, 2).contains("1 functions"));
    }
}
