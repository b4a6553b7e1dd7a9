//! Processes as the axis: several workers that measure as one.
//!
//! To a launch the crowd is a [`Worker`] like any other. A window opens at a time that all of them agree on beforehand,
//! and everyone goes on calling until a limit after the close, by which all have passed it. Each worker sends what its
//! caller wrote down, its times are put on the coordinator's clock, and one analysis makes one sample of all logs, as it
//! does for threads: what other processes disturbed in one of them counts for none.

use scalebench_model::data::Host;

use super::hosts::RemoteHost;
use super::process::{AskError, Spawn, Worker, failed, unexpected};
use crate::features::HOSTS;
use crate::measure::chunk_calls::ChunkCalls;
use crate::measure::log::Log;
use crate::measure::{CHUNK_NS, MAX_CHUNKS, analysis};
use crate::protocol::{Order, Part, Prepare, Reply, TogetherOrder, WindowKind, WindowOrder};
use crate::sys::Clock;

/// Any two clocks must agree within 1 % of a window, so each with the coordinator's within half of that.
const CLOCK_SHARE: u64 = 200;

/// A clock elsewhere is compared at least so often before a window …
const LEAST_PINGS: u32 = 8;

/// … and at most so often and for so long, ns, to see it well enough.
const MOST_PINGS: u32 = 200;
const MOST_PINGING_NS: u64 = 1_000_000_000;

/// Time from ordering a window to its opening, ns, to begin with.
const LEAD_NS: u64 = 5_000_000;

/// A window that some did not begin in time is ordered again, with twice the time, at most so often.
const TRIES: u32 = 9;

/// How far a worker's clock is ahead of the coordinator's, and how well that is known, ns.
#[derive(Debug, Clone, Copy)]
struct Ahead {
    ns: i64,
    error_ns: u64,
}

/// One process that calls.
struct Member {
    worker: Box<dyn Worker>,
    ahead: Option<Ahead>,
}

/// Processes that measure together.
pub(super) struct Crowd {
    /// Keeps what all of them share, where there is such a thing.
    keeper: Option<Box<dyn Worker>>,
    members: Vec<Member>,
    /// The hosts that they run on, where not here; the machine is the first one's.
    hosts: Option<RemoteHost>,
    /// CPUs of this machine.
    cpus: u32,
    clock: Clock,
    /// Calls in a chunk by number of processes.
    chunk_calls: ChunkCalls,
    /// How long a chunk took in one process, ns.
    chunk_ns: f64,
    lead_ns: u64,
    /// To the last order.
    reply: Option<Reply>,
}

impl Crowd {
    /// Starts `count` workers, and one more where something is to be kept (`keeps`).
    pub(super) fn start(
        spawn: &dyn Spawn,
        launch: u32,
        count: u32,
        keeps: bool,
    ) -> Result<Self, AskError> {
        if spawn.is_in_process() {
            let message =
                "this benchmark varies processes, and `--in-process` has only one: leave it out";
            return Err(failed(message.to_owned()));
        }
        let keeper = keeps.then(|| spawn.spawn(launch)).transpose()?;
        let mut members = Vec::new();
        for place in 0..count {
            members.push(Member {
                worker: spawn.spawn(launch.wrapping_add(place))?,
                ahead: None,
            });
        }
        Ok(Self {
            keeper,
            hosts: hosts(&members),
            members,
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
            let slot = self.beside(place);
            let member = &mut self.members[place];
            let machine = member.worker.host().map(|host| &host.machine);
            member.worker.send(&Order::Prepare(Prepare {
                id: prepare.id.clone(),
                max_threads: 1,
                placement: placement(prepare, machine, slot),
                cpus: machine.map_or(prepare.cpus, |machine| machine.cpus),
                load: false,
                part: Part::Caller {
                    shared: shared.clone(),
                },
            }))?;
        }
        self.expect_done()
    }

    /// How many of the members before `place` run on the same host.
    fn beside(&self, place: usize) -> usize {
        let host = |member: &Member| member.worker.host().map(|host| host.name.clone());
        let own = host(&self.members[place]);
        let before = self.members[..place].iter();
        before.filter(|member| host(member) == own).count()
    }

    fn expect_done(&mut self) -> Result<Reply, AskError> {
        for member in &mut self.members {
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
        self.expect_done()?;
        match &mut self.keeper {
            Some(keeper) => keeper.ask(&Order::Finish),
            None => Ok(Reply::Done),
        }
    }

    fn window(&mut self, order: &WindowOrder) -> Result<Reply, AskError> {
        let processes = (order.threads as usize).min(self.members.len());
        self.align(processes, order.window_ns)?;
        let logs = self.logs(processes, order)?;
        if order.kind == WindowKind::Percentiles {
            return Ok(Reply::Percentiles(analysis::percentiles(order, &logs)));
        }
        let fits = self.fits(processes);
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

    /// Whether each of the first members has a CPU of its own.
    fn fits(&self, processes: usize) -> bool {
        (0..processes).all(|place| {
            let machine = self.members[place].worker.host().map(|host| &host.machine);
            self.beside(place) < machine.map_or(self.cpus, |machine| machine.cpus) as usize
        })
    }

    /// Orders a window until all have begun before it opened.
    fn logs(&mut self, processes: usize, order: &WindowOrder) -> Result<Vec<Log>, AskError> {
        let chunk_calls = match order.kind {
            WindowKind::Percentiles => 1,
            _ => self.chunk_calls.at_or_least(order.threads),
        };
        // As for threads: served one after the other, every caller has had its turn after N chunks.
        let limit_ns = (1.5 * processes as f64 * self.chunk_ns) as u64;
        let crowded = !self.fits(processes);
        for _ in 0..TRIES {
            let open = self.clock.now().saturating_add(self.lead_ns);
            let close = open.saturating_add(order.window_ns);
            let edges = [open, close, close.saturating_add(limit_ns)];
            let members = &mut self.members[..processes];
            for member in &mut *members {
                member.worker.send(&Order::Together(TogetherOrder {
                    window: WindowOrder {
                        threads: 1,
                        ..order.clone()
                    },
                    chunk_calls,
                    open_ns: open.saturating_add_signed(member.ahead_ns()),
                    crowded,
                    limit_ns,
                }))?;
            }
            let mut logs = Vec::new();
            for member in members {
                let reply = member.worker.receive()?;
                let Reply::Logs { logs: sent } = &reply else {
                    return Err(unexpected(&reply));
                };
                let ahead = member.ahead_ns();
                logs.extend(sent.iter().map(|log| Log::received(log, ahead, edges)));
            }
            let in_time = |log: &Log| log.spans.first().is_some_and(|span| span.begin <= open);
            if logs.len() == processes && logs.iter().all(in_time) {
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

impl Member {
    fn ahead_ns(&self) -> i64 {
        self.ahead.map_or(0, |ahead| ahead.ns)
    }

    /// How far its clock is ahead: the best of several round trips, whose middle is off by half of it at most. Clocks of
    /// other hosts drift, so that is found out before every window; here all processes read the same one.
    fn look_at_clock(&mut self, clock: Clock, most_ns: u64) -> Result<Ahead, AskError> {
        let here = self.worker.host().is_none();
        if let Some(known) = self.ahead.filter(|_| here) {
            return Ok(known);
        }
        let mut best: Option<Ahead> = None;
        let end = clock.now().saturating_add(MOST_PINGING_NS);
        for ping in 0..MOST_PINGS {
            let known = best.is_some_and(|best| best.error_ns <= most_ns);
            if ping >= LEAST_PINGS && (known || clock.now() > end) {
                break;
            }
            let sent = clock.now();
            let reply = self.worker.ask(&Order::Clock)?;
            let Reply::Clock { now_ns, epoch_ns } = reply else {
                return Err(unexpected(&reply));
            };
            let round_trip = clock.now().saturating_sub(sent);
            if let (true, Some(own), Some(its)) = (here, clock.epoch_ns(), epoch_ns) {
                // The clock that began earlier is ahead.
                let ns = own.cast_signed().wrapping_sub(its.cast_signed());
                return Ok(Ahead { ns, error_ns: 0 });
            }
            let middle = sent.saturating_add(round_trip / 2);
            let ahead = Ahead {
                ns: now_ns.cast_signed().wrapping_sub(middle.cast_signed()),
                error_ns: round_trip.div_ceil(2),
            };
            if best.is_none_or(|best| ahead.error_ns < best.error_ns) {
                best = Some(ahead);
            }
        }
        best.ok_or_else(|| failed("a worker told no time".to_owned()))
    }
}

/// The CPUs in the order of placing, beginning with that of the `slot`th process of a machine.
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
