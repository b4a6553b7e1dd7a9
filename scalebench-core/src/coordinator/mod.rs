//! The coordinator: orders windows from workers and gathers the run record.
//!
//! Launches are the outer loop and benchmarks the inner one, so that the launches of one benchmark lie as far apart as
//! the run allows and the slow drift of a machine shows between them, where the intervals can see it.

pub(crate) mod ask;
mod crowd;
mod guess;
pub(crate) mod hosts;
mod hurry;
pub(crate) mod in_process;
mod kept;
mod ladder;
mod launch;
mod order;
mod pace;
pub(crate) mod process;
mod replies;
mod sizing;
mod steady;

use std::time::{Duration, Instant};

use scalebench_model::data::{BenchmarkRecord, Failure, LaunchRecord, Status};
use scalebench_model::sort;

use crate::planner::{BenchmarkPlan, RunPlan};
use crate::protocol::BenchmarkInfo;
use ask::{AskError, Loss, Spawn};
use launch::{Settled, SideError};
use order::Order as RoundOrder;
use pace::BestPace;

pub(crate) use crowd::start_worker;
pub(crate) use ladder::{asked_ns, look};
pub(crate) use launch::Machine;

/// What happens while measuring; progress is drawn from this.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// So much of the time that all launches will take is over, as far as that is known by now; both in ns.
    Work { done_ns: f64, planned_ns: f64 },
    /// A launch of a benchmark begins.
    Launch {
        id: &'a str,
        launch: u32,
        launches: u32,
    },
    /// A host was lost, which the text says, and the run goes on without it.
    HostLost { what: &'a str },
    /// A benchmark failed or took too long.
    Failed {
        id: &'a str,
        failure: &'a Failure,
        /// Whether it was the side that is compared with.
        old: bool,
    },
}

/// What was measured.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) benchmarks: Vec<BenchmarkRecord>,
    /// The old side of what was measured in pairs.
    pub(crate) old: Vec<BenchmarkRecord>,
    pub(crate) nulls: Vec<BenchmarkRecord>,
    /// Whether the user asked for an end before all was done.
    pub(crate) interrupted: bool,
}

/// Who starts the workers.
#[derive(Clone, Copy)]
pub(crate) struct Sides<'a> {
    /// The code that is being measured.
    pub(crate) new: &'a dyn Spawn,
    /// The code that it is compared with, window by window, where asked for.
    pub(crate) old: Option<OldSide<'a>>,
}

/// The other revision of a bench target.
#[derive(Clone, Copy)]
pub(crate) struct OldSide<'a> {
    pub(crate) spawn: &'a dyn Spawn,
    /// What it can measure.
    pub(crate) ids: &'a [String],
    /// Whether an old and a new record tell what changed, so that no more launches are needed.
    pub(crate) is_settled: &'a dyn Fn(&BenchmarkRecord, &BenchmarkRecord) -> bool,
}

/// A benchmark under way.
struct Progress<'a> {
    plan: &'a BenchmarkPlan,
    /// The records of the new side (of a group, one for each function), then those of the old one where it is measured,
    /// too.
    records: Vec<BenchmarkRecord>,
    settled: Settled,
    /// What its launches took.
    spent: Duration,
    /// Launches that are over, or will not be after all.
    over: u32,
    /// Launches that are wanted by now.
    wanted: u32,
}

/// Measures everything that `plan` asks for.
pub(crate) fn run(
    plan: &RunPlan,
    machine: &Machine<'_>,
    sides: Sides<'_>,
    events: &mut dyn FnMut(Event<'_>),
) -> Measured {
    let nulls = plan
        .nulls
        .iter()
        .map(|each| begin(each, plan.plan.seed, false));
    let benchmarks = plan.benchmarks.iter().map(|each| {
        let is_old = |old: OldSide<'_>| each.members().all(|info| old.ids.contains(&info.id));
        let paired = sides.old.is_some_and(is_old);
        begin(each, plan.plan.seed, paired)
    });
    let mut all: Vec<Progress<'_>> = nulls.chain(benchmarks).collect();
    events(work(&all));
    let launches = all.iter().map(|each| each.plan.most_launches).max();
    let launches = launches.unwrap_or(0);
    let interrupted = measure_all(&mut all, launches, machine, sides, events);
    let old_benchmarks = all.split_off(plan.nulls.len());
    let mut measured = Measured {
        benchmarks: Vec::new(),
        old: Vec::new(),
        nulls: Vec::new(),
        interrupted,
    };
    for each in all {
        measured.nulls.extend(each.records);
    }
    for each in old_benchmarks {
        let members = each.members();
        let mut records = each.records.into_iter().map(mark_unmeasured);
        measured.benchmarks.extend(records.by_ref().take(members));
        measured.old.extend(records);
    }
    // The functions of a group lie beside each other; a record is sorted by id.
    for records in [&mut measured.benchmarks, &mut measured.old] {
        sort::by(records, &|a, b| sort::ids(&a.id, &b.id));
    }
    measured
}

/// Launch by launch, and in each all benchmarks. Returns whether the user interrupted.
fn measure_all(
    all: &mut [Progress<'_>],
    launches: u32,
    machine: &Machine<'_>,
    sides: Sides<'_>,
    events: &mut dyn FnMut(Event<'_>),
) -> bool {
    for launch in 0..launches {
        for index in 0..all.len() {
            let each = &mut all[index];
            if !each.goes_on(launch, sides) {
                continue;
            }
            each.wanted = each.wanted.max(launch.saturating_add(1));
            if let Err(AskError::Interrupted) = one_launch(each, launch, machine, sides, events) {
                return true;
            }
            events(work(all));
        }
    }
    false
}

/// How far the run is. The first launch of a benchmark shows how long its others will take.
fn work(all: &[Progress<'_>]) -> Event<'static> {
    let sum = |launches: fn(&Progress<'_>) -> u32| {
        let of = |each: &Progress<'_>| f64::from(launches(each)) * each.launch_ns();
        all.iter().map(of).sum()
    };
    Event::Work {
        done_ns: sum(|each| each.over),
        planned_ns: sum(|each| each.wanted),
    }
}

fn begin(plan: &BenchmarkPlan, seed: u64, paired: bool) -> Progress<'_> {
    let side = || plan.members().map(|info| record(plan, info));
    Progress {
        plan,
        records: side().chain(side().filter(|_| paired)).collect(),
        settled: Settled {
            sizing: None,
            rounds: 0,
            ladders: Vec::new(),
            order: RoundOrder::new(seed, plan.name()),
            pace: BestPace::default(),
        },
        spent: Duration::ZERO,
        over: 0,
        wanted: plan.launches,
    }
}

/// The record of a benchmark before anything is measured.
fn record(plan: &BenchmarkPlan, info: &BenchmarkInfo) -> BenchmarkRecord {
    BenchmarkRecord {
        threads: plan.threads.clone(),
        status: Status::Ok,
        load: plan.load.as_ref().map(|load| load.plan.clone()),
        ..info.unmeasured()
    }
}

impl Progress<'_> {
    /// How many benchmarks are measured together.
    fn members(&self) -> usize {
        1 + self.plan.others.len()
    }

    /// About how long a launch takes, ns: as those that are over did.
    fn launch_ns(&self) -> f64 {
        if self.over > 0 {
            return self.spent.as_nanos() as f64 / f64::from(self.over);
        }
        let sides = (self.records.len() / self.members()) as f64;
        sides * guess::launch_ns(self.plan)
    }

    /// Whether this launch is wanted: one that was planned, or one more to tell what changed, within the time budget.
    fn goes_on(&self, launch: u32, sides: Sides<'_>) -> bool {
        if self.records[0].status != Status::Ok {
            return false;
        }
        if launch < self.plan.launches {
            return true;
        }
        let (new, old) = self.records.split_at(self.members());
        let Some(side) = sides.old.filter(|_| launch < self.plan.most_launches) else {
            return false;
        };
        let is_open = |(old, new): (&BenchmarkRecord, &BenchmarkRecord)| {
            old.status == Status::Ok && !(side.is_settled)(old, new)
        };
        // Both sides have a budget, and the next launch will take as long as those before it.
        let next_ns = self.spent.as_nanos() as f64 + self.launch_ns();
        next_ns <= 2.0 * self.plan.max_time_ns && old.iter().zip(new).any(is_open)
    }

    /// One launch on the new side, and on the old one unless it has failed.
    fn measure(
        &mut self,
        launch: u32,
        machine: &Machine<'_>,
        sides: Sides<'_>,
    ) -> Result<Vec<LaunchRecord>, SideError> {
        let old = sides.old.filter(|_| {
            let record = self.records.get(self.members());
            record.is_some_and(|record| record.status == Status::Ok)
        });
        let spawns: Vec<&dyn Spawn> = std::iter::once(sides.new)
            .chain(old.map(|old| old.spawn))
            .collect();
        launch::measure(self.plan, launch, &mut self.settled, machine, &spawns)
    }

    /// The same on hosts that are there: a launch that loses its host begins again on another one, as long as the run may
    /// go on.
    fn measure_somewhere(
        &mut self,
        launch: u32,
        machine: &Machine<'_>,
        sides: Sides<'_>,
        events: &mut dyn FnMut(Event<'_>),
    ) -> Result<Vec<LaunchRecord>, SideError> {
        loop {
            let error = match self.measure(launch, machine, sides) {
                Err(error) if !matches!(error.error, AskError::Interrupted) => error,
                done => return done,
            };
            let old = sides.old.filter(|_| error.side > 0);
            match old.map_or(sides.new, |old| old.spawn).inspect(launch) {
                Loss::None => return Err(error),
                Loss::Again(what) => events(Event::HostLost { what: &what }),
                Loss::End(what) => {
                    let error = ask::failed(what);
                    return Err(SideError { side: 0, error });
                }
            }
        }
    }

    /// Writes down what ended a side; an interrupt ends more than this benchmark.
    fn note(
        &mut self,
        side: usize,
        error: AskError,
        events: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), AskError> {
        let (status, failure) = match error {
            AskError::Interrupted => return Err(AskError::Interrupted),
            AskError::Failed(failure) => (Status::Failed, failure),
            AskError::TimedOut(failure) => (Status::TimedOut, failure),
        };
        events(Event::Failed {
            id: self.plan.name(),
            failure: &failure,
            old: side > 0,
        });
        // What ends one function of a group ends all of them.
        let first = side * self.members();
        for record in self
            .records
            .iter_mut()
            .skip(first)
            .take(1 + self.plan.others.len())
        {
            record.status = status;
            record.failure = Some(failure.clone());
        }
        Ok(())
    }

    fn keep(&mut self, launches: Vec<LaunchRecord>) {
        for (record, ladder) in self.records.iter_mut().zip(&self.settled.ladders) {
            if let Some(load) = &mut record.load {
                load.window_ns = ladder.window_ns;
            }
        }
        for (record, launch) in self.records.iter_mut().zip(launches) {
            if let Some(sizing) = self.settled.sizing {
                record.window_ns = sizing.window_ns as f64;
                record.chunk_calls = sizing.chunk_calls;
                if let Some(group) = &mut record.group {
                    group.timing_ns = sizing.timing_ns;
                }
            }
            record.launches.push(launch);
        }
    }
}

/// One launch of one benchmark. What ends the benchmark is noted in its record; only an interrupt goes further.
fn one_launch(
    each: &mut Progress<'_>,
    launch: u32,
    machine: &Machine<'_>,
    sides: Sides<'_>,
    events: &mut dyn FnMut(Event<'_>),
) -> Result<(), AskError> {
    let (plan, begin) = (each.plan, Instant::now());
    events(Event::Launch {
        id: plan.name(),
        launch,
        launches: plan.launches.max(launch.saturating_add(1)),
    });
    let mut measured = each.measure_somewhere(launch, machine, sides, events);
    if let Err(SideError { side: 1, error }) = measured {
        each.note(1, error, events)?;
        // The new side is measured alone from now on, beginning with this launch.
        measured = each.measure_somewhere(launch, machine, sides, events);
    }
    each.spent += begin.elapsed();
    match measured {
        Ok(launches) => {
            each.keep(launches);
            each.over = launch + 1;
            Ok(())
        }
        Err(SideError { side, error }) => {
            each.over = each.wanted;
            each.note(side, error, events)
        }
    }
}

/// After an interrupt some benchmarks have nothing to show.
fn mark_unmeasured(mut record: BenchmarkRecord) -> BenchmarkRecord {
    if record.status == Status::Ok && record.launches.is_empty() {
        record.status = Status::Skipped;
    }
    record
}

#[cfg(test)]
mod tests {
    use super::in_process::InProcess;
    use super::*;

    fn plan() -> BenchmarkPlan {
        BenchmarkPlan {
            launches: 5,
            most_launches: 20,
            rounds: 10,
            max_time_ns: 10e9,
            ..BenchmarkPlan::plain(vec![1, 2])
        }
    }

    /// Which launches there are of a comparison, each of which takes `each_s` on both sides together and is settled
    /// before launch `settled`.
    fn launches(plan: &BenchmarkPlan, each_s: f64, settled: u32) -> u32 {
        let mut progress = begin(plan, 1, true);
        let mut count = 0;
        loop {
            let is_settled = |_: &BenchmarkRecord, _: &BenchmarkRecord| count >= settled;
            let old = OldSide {
                spawn: &InProcess,
                ids: &[],
                is_settled: &is_settled,
            };
            let sides = Sides {
                new: &InProcess,
                old: Some(old),
            };
            if !progress.goes_on(count, sides) {
                return count;
            }
            progress.spent += Duration::from_secs_f64(each_s);
            count += 1;
            progress.over = count;
        }
    }

    #[test]
    fn a_comparison_goes_on_until_it_can_tell() {
        let plan = plan();
        assert_eq!(launches(&plan, 0.1, 2), 5);
        assert_eq!(launches(&plan, 0.1, 8), 8);
        assert_eq!(launches(&plan, 0.1, 1000), 20);
    }

    #[test]
    fn a_comparison_goes_on_within_the_budget_of_both_sides() {
        let plan = plan();
        assert_eq!(launches(&plan, 2.0, 1000), 10);
        // What was planned is measured in any case.
        assert_eq!(launches(&plan, 9.0, 1000), 5);
    }

    #[test]
    fn without_another_side_nothing_is_added() {
        let plan = plan();
        let alone = Sides {
            new: &InProcess,
            old: None,
        };
        assert!(begin(&plan, 1, false).goes_on(4, alone));
        assert!(!begin(&plan, 1, false).goes_on(5, alone));
        let fixed = BenchmarkPlan {
            most_launches: 5,
            ..plan
        };
        assert_eq!(launches(&fixed, 0.1, 1000), 5);
    }
    #[test]
    fn what_launches_took_and_those_that_are_added_count() {
        let (short, plan) = (plan(), plan());
        let mut all = [begin(&short, 1, false), begin(&plan, 1, false)];
        let share = |all: &[Progress<'_>]| match work(all) {
            Event::Work {
                done_ns,
                planned_ns,
            } => done_ns / planned_ns,
            other => panic!("{other:?}"),
        };
        assert_eq!(share(&all), 0.0);
        // 0.2 s is guessed of a launch: this one took nine times as long.
        (all[0].over, all[0].spent) = (1, Duration::from_millis(1800));
        assert!((share(&all) - 1.8 / 10.0).abs() < 1e-9, "{}", share(&all));
        (all[0].over, all[0].spent) = (5, Duration::from_secs(9));
        all[0].wanted = 10;
        assert!((share(&all) - 9.0 / 19.0).abs() < 1e-9, "{}", share(&all));
        (all[0].over, all[1].over) = (10, 5);
        assert_eq!(share(&all), 1.0);
    }
}
