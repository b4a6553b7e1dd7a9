//! The coordinator: orders windows from workers and gathers the run record.
//!
//! Launches are the outer loop and benchmarks the inner one, so that the launches of one benchmark lie as far apart as
//! the run allows and the slow drift of a machine shows between them, where the intervals can see it.

mod launch;
mod order;
pub(crate) mod process;

use scalebench_model::data::{BenchmarkRecord, Failure, Status};

use crate::planner::{BenchmarkPlan, RunPlan};
use launch::Sizing;
use order::Order as RoundOrder;
use process::{AskError, Spawn};

/// What happens while measuring; progress is drawn from this.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// So many windows are planned.
    Planned { windows: u64 },
    /// A launch of a benchmark begins.
    Launch {
        id: &'a str,
        launch: u32,
        launches: u32,
    },
    /// Windows were measured, or will not be after all.
    Windows { count: u64 },
    /// A benchmark failed or took too long.
    Failed { id: &'a str, failure: &'a Failure },
}

/// What was measured.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) benchmarks: Vec<BenchmarkRecord>,
    pub(crate) nulls: Vec<BenchmarkRecord>,
    /// Whether the user asked for an end before all was done.
    pub(crate) interrupted: bool,
}

/// A benchmark under way.
struct Progress<'a> {
    plan: &'a BenchmarkPlan,
    record: BenchmarkRecord,
    sizing: Option<Sizing>,
    order: RoundOrder,
}

/// Measures everything that `plan` asks for.
pub(crate) fn run(
    plan: &RunPlan,
    placement: &[u32],
    cpus: u32,
    spawn: &dyn Spawn,
    events: &mut dyn FnMut(Event<'_>),
) -> Measured {
    let mut all: Vec<Progress<'_>> = plan
        .nulls
        .iter()
        .chain(&plan.benchmarks)
        .map(|each| begin(each, plan.plan.seed))
        .collect();
    events(Event::Planned {
        windows: all
            .iter()
            .map(|each| windows_of(each.plan) * u64::from(each.plan.launches))
            .sum(),
    });
    let machine = launch::Machine {
        placement: if plan.plan.pinned { placement } else { &[] },
        cpus,
    };
    let launches = all.iter().map(|each| each.plan.launches).max().unwrap_or(0);
    let mut interrupted = false;
    'launches: for launch in 0..launches {
        for each in &mut all {
            if launch >= each.plan.launches || each.record.status != Status::Ok {
                continue;
            }
            if let Err(AskError::Interrupted) = one_launch(each, launch, &machine, spawn, events) {
                interrupted = true;
                break 'launches;
            }
        }
    }
    let mut nulls: Vec<BenchmarkRecord> = all.into_iter().map(|each| each.record).collect();
    let benchmarks = nulls.split_off(plan.nulls.len());
    Measured {
        benchmarks: benchmarks.into_iter().map(mark_unmeasured).collect(),
        nulls,
        interrupted,
    }
}

fn begin(plan: &BenchmarkPlan, seed: u64) -> Progress<'_> {
    let info = &plan.info;
    let record = BenchmarkRecord {
        id: info.id.clone(),
        mode: info.mode,
        location: info.location.clone(),
        parameters: info.parameters.clone(),
        work: info.work,
        threads: plan.threads.clone(),
        status: Status::Ok,
        failure: None,
        window_ns: 0.0,
        chunk_calls: 0,
        launches: Vec::new(),
    };
    Progress {
        plan,
        record,
        sizing: None,
        order: RoundOrder::new(seed, &info.id),
    }
}

fn windows_of(plan: &BenchmarkPlan) -> u64 {
    u64::from(plan.rounds) * plan.threads.len() as u64
}

/// One launch of one benchmark. What ends the benchmark is noted in its record; only an interrupt goes further.
fn one_launch(
    each: &mut Progress<'_>,
    launch: u32,
    machine: &launch::Machine<'_>,
    spawn: &dyn Spawn,
    events: &mut dyn FnMut(Event<'_>),
) -> Result<(), AskError> {
    let id = &each.plan.info.id;
    events(Event::Launch {
        id,
        launch,
        launches: each.plan.launches,
    });
    let measured = launch::measure(each.plan, &mut each.sizing, &mut each.order, machine, spawn);
    events(Event::Windows {
        count: windows_of(each.plan),
    });
    let (status, failure) = match measured {
        Ok(record) => {
            if let Some(sizing) = each.sizing {
                each.record.window_ns = sizing.window_ns as f64;
                each.record.chunk_calls = sizing.chunk_calls;
            }
            each.record
                .launches
                .push(scalebench_model::data::LaunchRecord { launch, ..record });
            return Ok(());
        }
        Err(AskError::Interrupted) => return Err(AskError::Interrupted),
        Err(AskError::Failed(failure)) => (Status::Failed, failure),
        Err(AskError::TimedOut(failure)) => (Status::TimedOut, failure),
    };
    events(Event::Failed {
        id,
        failure: &failure,
    });
    events(Event::Windows {
        count: windows_of(each.plan) * u64::from(each.plan.launches - launch - 1),
    });
    each.record.status = status;
    each.record.failure = Some(failure);
    Ok(())
}

/// After an interrupt some benchmarks have nothing to show.
fn mark_unmeasured(mut record: BenchmarkRecord) -> BenchmarkRecord {
    if record.status == Status::Ok && record.launches.is_empty() {
        record.status = Status::Skipped;
    }
    record
}
