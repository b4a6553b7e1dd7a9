//! Processes as the axis: several workers that measure as one.
//!
//! To a launch the crowd is a [`Worker`] like any other. A window opens at a time that all of them agree on beforehand,
//! and everyone goes on calling until a limit after the close, by which all have passed it. Each worker sends what its
//! callers wrote down, their times are put on the coordinator's clock, and one analysis makes one sample of all logs, as it
//! does for threads: what other processes disturbed in one of them counts for none.
//!
//! N counts callers. Each worker has one, or in a grid several threads that call; then N = 1 is one thread of one worker,
//! and every other N is whole workers ([`Grid`]).

mod member;

use scalebench_model::data::{Axis, Grid, Host};

use super::ask::{AskError, Spawn, Worker, failed, unexpected};
use super::hosts::RemoteHost;
use crate::features::HOSTS;
use crate::measure::chunk_calls::ChunkCalls;
use crate::measure::log::Log;
use crate::measure::{CHUNK_NS, MAX_CHUNKS, analysis, percentiles};
use crate::protocol::{
    BenchmarkInfo, Order, Part, Prepare, Reply, TogetherOrder, WindowKind, WindowOrder,
};
use crate::sys::{Clock, system_threads};
use member::Member;

/// Any two clocks must agree within 1 % of a window, so each with the coordinator's within half of that.
const CLOCK_SHARE: u64 = 200;

/// Time from ordering a window to its opening, ns, to begin with.
const LEAD_NS: u64 = 5_000_000;

/// A window that some did not begin in time is ordered again, with twice the time, at most so often.
const TRIES: u32 = 9;

/// Starts what measures a launch of a benchmark with up to `most` callers: one worker, or as many as it takes where
/// processes vary.
pub(crate) fn start_worker(
    spawn: &dyn Spawn,
    launch: u32,
    info: &BenchmarkInfo,
    most: u32,
) -> Result<Box<dyn Worker>, AskError> {
    if HOSTS && matches!(info.axis, Axis::Processes | Axis::Callers) {
        return Ok(Box::new(Crowd::start(spawn, launch, info, most)?));
    }
    spawn.spawn(launch)
}

/// Processes that measure together.
struct Crowd {
    /// Keeps what all of them share, where there is such a thing.
    keeper: Option<Box<dyn Worker>>,
    members: Vec<Member>,
    /// How many threads call in each member.
    threads: u32,
    /// The hosts that they run on, where not here; the machine is the first one's.
    hosts: Option<RemoteHost>,
    /// CPUs of this machine.
    cpus: u32,
    clock: Clock,
    /// Calls in a chunk by number of callers.
    chunk_calls: ChunkCalls,
    /// How long a chunk took in one process, ns.
    chunk_ns: f64,
    lead_ns: u64,
    /// To the last order.
    reply: Option<Reply>,
}

impl Crowd {
    /// Starts as many workers as `most` callers take, and one more where something is to be kept.
    fn start(
        spawn: &dyn Spawn,
        launch: u32,
        info: &BenchmarkInfo,
        most: u32,
    ) -> Result<Self, AskError> {
        if spawn.is_in_process() {
            let message =
                "this benchmark varies processes, and `--in-process` has only one: leave it out";
            return Err(failed(message.to_owned()));
        }
        let threads = info.threads_per_process.unwrap_or(1);
        refuse_beyond_limit(most)?;
        let grid = grid(most, threads)?;
        let keeper = info.keeps.then(|| spawn.spawn(launch)).transpose()?;
        let mut members = Vec::new();
        for place in 0..grid.processes {
            members.push(Member {
                worker: spawn.spawn(launch.wrapping_add(place))?,
                ahead: None,
            });
        }
        Ok(Self {
            keeper,
            hosts: hosts(&members),
            members,
            threads,
            cpus: 0,
            clock: Clock::new(),
            chunk_calls: ChunkCalls::default(),
            chunk_ns: CHUNK_NS,
            lead_ns: LEAD_NS,
            reply: None,
        })
    }

    fn serve(&mut self, order: &Order) -> Result<Reply, AskError> {
        match order {
            Order::Prepare(prepare) => self.prepare(prepare),
            Order::Size => self.size(),
            Order::Window(window) => self.window(window),
            Order::Once { threads } => self.once(*threads),
            Order::Finish => self.finish(),
            other => Err(failed(format!(
                "several processes cannot do this: {}",
                other.line()
            ))),
        }
    }

    fn prepare(&mut self, prepare: &Prepare) -> Result<Reply, AskError> {
        self.cpus = prepare.cpus;
        let mut shared = None;
        if let Some(keeper) = &mut self.keeper {
            let order = Order::Prepare(Prepare {
                max_threads: 1,
                part: Part::Keeper,
                ..prepare.clone()
            });
            match keeper.ask(&order)? {
                Reply::Kept { shared: text } => shared = Some(text),
                other => return Err(unexpected(&other)),
            }
        }
        for place in 0..self.members.len() {
            let slot = self.beside(place) * self.threads as usize;
            let member = &mut self.members[place];
            let machine = member.worker.host().map(|host| &host.machine);
            member.worker.send(&Order::Prepare(Prepare {
                id: prepare.id.clone(),
                max_threads: self.threads,
                placement: placement(prepare, machine, slot),
                cpus: machine.map_or(prepare.cpus, |machine| machine.cpus),
                cores: machine.map_or(prepare.cores, |machine| machine.physical_cores),
                load: false,
                part: Part::Caller {
                    shared: shared.clone(),
                },
            }))?;
        }
        self.expect_done(self.members.len())
    }

    /// How many of the members before `place` run on the same host.
    fn beside(&self, place: usize) -> usize {
        let host = |member: &Member| member.worker.host().map(|host| host.name.clone());
        let own = host(&self.members[place]);
        let before = self.members[..place].iter();
        before.filter(|member| host(member) == own).count()
    }

    /// Waits until the first `processes` members have done what was ordered.
    fn expect_done(&mut self, processes: usize) -> Result<Reply, AskError> {
        for member in &mut self.members[..processes] {
            match member.worker.receive()? {
                Reply::Done => {}
                other => return Err(unexpected(&other)),
            }
        }
        Ok(Reply::Done)
    }

    fn size(&mut self) -> Result<Reply, AskError> {
        let first = self.members.first_mut();
        let first = first.ok_or_else(|| failed("no process was started".to_owned()))?;
        let reply = first.worker.ask(&Order::Size)?;
        if let Reply::Sized {
            call_ns,
            chunk_calls,
            ..
        } = reply
        {
            self.chunk_calls.set(1, chunk_calls);
            self.chunk_ns = call_ns * chunk_calls as f64;
        }
        Ok(reply)
    }

    /// The members drop what they have before what they share goes.
    fn finish(&mut self) -> Result<Reply, AskError> {
        for member in &mut self.members {
            member.worker.send(&Order::Finish)?;
        }
        self.expect_done(self.members.len())?;
        match &mut self.keeper {
            Some(keeper) => keeper.ask(&Order::Finish),
            None => Ok(Reply::Done),
        }
    }

    /// How many members `callers` take, and how many threads of each.
    fn divide(&self, callers: u32) -> Result<(usize, u32), AskError> {
        let grid = grid(callers, self.threads)?;
        let processes = (grid.processes as usize).min(self.members.len());
        Ok((processes, grid.threads_per_process))
    }

    /// Lets each of so many callers make one call.
    fn once(&mut self, callers: u32) -> Result<Reply, AskError> {
        let (processes, threads) = self.divide(callers)?;
        for member in &mut self.members[..processes] {
            member.worker.send(&Order::Once { threads })?;
        }
        self.expect_done(processes)
    }

    fn window(&mut self, order: &WindowOrder) -> Result<Reply, AskError> {
        let (processes, threads) = self.divide(order.threads)?;
        self.align(processes, order.window_ns)?;
        let fits = self.fits(processes, threads);
        let logs = self.logs((processes, threads), fits, order)?;
        // Helpers need CPUs too.
        let fits = fits && logs.iter().all(|log| log.helpers == 0.0);
        if order.kind == WindowKind::Percentiles {
            return Ok(Reply::Percentiles(percentiles::sample(order, fits, &logs)));
        }
        let sample = analysis::sample(order, order.threads, fits, &logs);
        if order.kind == WindowKind::WarmUp && sample.calls > 0.0 {
            let call_ns = f64::from(order.threads) * sample.window_ns / sample.calls;
            let chunk_ns = CHUNK_NS.max(order.window_ns as f64 / MAX_CHUNKS);
            // Each worker knows how many are too many.
            let calls = (chunk_ns / call_ns).ceil().max(1.0) as u64;
            self.chunk_calls.set(order.threads, calls);
        }
        Ok(Reply::Sample(sample))
    }

    /// Whether each caller has a CPU of its own.
    fn fits(&self, processes: usize, threads: u32) -> bool {
        (0..processes).all(|place| {
            let machine = self.members[place].worker.host().map(|host| &host.machine);
            let callers = (self.beside(place) + 1) * threads as usize;
            callers <= machine.map_or(self.cpus, |machine| machine.cpus) as usize
        })
    }

    /// Orders a window until all have begun before it opened.
    fn logs(
        &mut self,
        (processes, threads): (usize, u32),
        fits: bool,
        order: &WindowOrder,
    ) -> Result<Vec<Log>, AskError> {
        let callers = processes * threads as usize;
        let chunk_calls = match order.kind {
            WindowKind::Percentiles => 1,
            _ => self.chunk_calls.at_or_least(order.threads),
        };
        // As for threads: served one after the other, every caller has had its turn after N chunks.
        let limit_ns = (1.5 * callers as f64 * self.chunk_ns) as u64;
        for _ in 0..TRIES {
            let open = self.clock.now().saturating_add(self.lead_ns);
            let close = open.saturating_add(order.window_ns);
            let edges = [open, close, close.saturating_add(limit_ns)];
            let members = &mut self.members[..processes];
            for member in &mut *members {
                member.worker.send(&Order::Together(TogetherOrder {
                    window: WindowOrder {
                        threads,
                        ..order.clone()
                    },
                    chunk_calls,
                    open_ns: open.saturating_add_signed(member.ahead_ns()),
                    crowded: !fits,
                    limit_ns,
                }))?;
            }
            let (mut logs, mut helpers) = (Vec::new(), 0.0);
            for member in members {
                let reply = member.worker.receive()?;
                let Reply::Logs { logs: sent } = &reply else {
                    return Err(unexpected(&reply));
                };
                let ahead = member.ahead_ns();
                helpers += sent.first().map_or(0.0, |log| log.helpers);
                logs.extend(sent.iter().map(|log| Log::received(log, ahead, edges)));
            }
            for log in &mut logs {
                log.helpers = helpers;
            }
            let in_time = |log: &Log| log.spans.first().is_some_and(|span| span.begin <= open);
            if logs.len() == callers && logs.iter().all(in_time) {
                return Ok(logs);
            }
            self.lead_ns = self.lead_ns.saturating_mul(2);
        }
        Err(failed(format!(
            "the {processes} processes do not begin a window within {:.1} s: the machine is too busy",
            self.lead_ns as f64 / 1e9
        )))
    }

    /// Finds out how far the clocks of the first members are ahead.
    fn align(&mut self, processes: usize, window_ns: u64) -> Result<(), AskError> {
        let most_ns = (window_ns / CLOCK_SHARE).max(1);
        for member in &mut self.members[..processes] {
            let ahead = member.look_at_clock(self.clock, most_ns)?;
            if ahead.error_ns > most_ns {
                let host = member
                    .worker
                    .host()
                    .map_or("here", |host| host.name.as_str());
                let error_us = ahead.error_ns as f64 / 1e3;
                let window_ms = window_ns as f64 / 1e6;
                return Err(failed(format!(
                    "the clock of the host `{host}` is known within {error_us:.0} us only, too little for windows of \
                     {window_ms:.0} ms: ask for longer ones, such as `--window {:.0}ms`",
                    (error_us * 1e3 * CLOCK_SHARE as f64 / 1e6 * 2.0).ceil()
                )));
            }
            member.ahead = Some(ahead);
        }
        Ok(())
    }
}

/// How `callers` divide into processes with `threads` threads each.
fn grid(callers: u32, threads: u32) -> Result<Grid, AskError> {
    Grid::of(callers, threads).ok_or_else(|| {
        failed(format!(
            "{callers} callers do not divide into processes with {threads} threads each: ask for fewer processes or threads"
        ))
    })
}

/// Refuses what this system would not start, before it is tried.
fn refuse_beyond_limit(callers: u32) -> Result<(), AskError> {
    match system_threads() {
        Some(limit) if u64::from(callers) > limit.threads => Err(failed(format!(
            "could not start {callers} callers in processes of their own: this system allows about {} threads ({}). Ask \
             for fewer processes or threads",
            limit.threads, limit.setting
        ))),
        _ => Ok(()),
    }
}

/// The CPUs in the order of placing, beginning with that of the `slot`th caller of a machine.
fn placement(prepare: &Prepare, machine: Option<&Host>, slot: usize) -> Vec<u32> {
    let mut placement = machine
        .map_or(&prepare.placement, |machine| &machine.placement)
        .clone();
    if prepare.placement.is_empty() || placement.is_empty() {
        return Vec::new();
    }
    let first = slot % placement.len();
    placement.rotate_left(first);
    placement
}

/// The names of all hosts, and the machine of the first.
fn hosts(members: &[Member]) -> Option<RemoteHost> {
    let mut names: Vec<&str> = Vec::new();
    for host in members.iter().filter_map(|member| member.worker.host()) {
        if !names.contains(&host.name.as_str()) {
            names.push(&host.name);
        }
    }
    Some(RemoteHost {
        name: names.join(", "),
        machine: members.first()?.worker.host()?.machine.clone(),
    })
}

impl Worker for Crowd {
    // What may be inlined elsewhere takes all that it names along, `HOSTS` or not.
    #[inline(never)]
    fn send(&mut self, order: &Order) -> Result<(), AskError> {
        if HOSTS {
            self.reply = Some(self.serve(order)?);
        }
        Ok(())
    }

    fn receive(&mut self) -> Result<Reply, AskError> {
        let reply = self.reply.take();
        reply.ok_or_else(|| failed("nothing was ordered".to_owned()))
    }

    fn host(&self) -> Option<&RemoteHost> {
        self.hosts.as_ref()
    }
}
