//! Roles: each thread calls one of the functions.

use scalebench_model::data::{PercentileSample, Sample};
use scalebench_model::sort;

use super::division::roles_of_threads;
use super::member::GroupMember;
use super::renewals::Renewals;
use crate::launch::Thread;
use crate::measure::helpers::fits;
use crate::measure::log::Log;
use crate::measure::seat::{Part, Seat};
use crate::measure::team::{Team, run_team};
use crate::measure::window::WindowPlan;
use crate::measure::{
    Answers, BEGIN_NS, CHUNK_NS, MAX_CHUNKS, Sizes, analysis, answer, catch, percentiles,
    set_chunk, size,
};
use crate::protocol::{Reply, TIMED_CALL_NS, WindowKind, WindowOrder, WorkerFailure};
use crate::worker::Orders;

/// Serves one group with roles.
pub(crate) fn serve(orders: &mut Orders, shares: &[u32], members: &[GroupMember<'_>]) {
    let cpus = orders.prepared().cpus;
    // Even when only one thread is asked for, each role is measured alone on a thread of its own.
    let threads = (orders.prepared().max_threads as usize).max(members.len());
    let of_threads = roles_of_threads(shares, threads);
    let call = |seat: &Seat| {
        let thread = place_in_role(&of_threads, seat.thread.index);
        let member = &members[of_threads[seat.thread.index]];
        match catch(|| member.caller(thread)) {
            Ok(mut caller) => seat.serve(caller.as_mut()),
            Err(failure) => seat.report(Err(failure)),
        }
    };
    run_team(orders, threads, 1, &call, &mut |orders, team| {
        let roles = members.iter().map(Role::new).collect();
        answer(
            orders,
            &mut Roles {
                team,
                of_threads: &of_threads,
                roles,
                renewals: Renewals::of(members),
                cpus,
            },
        );
    });
}

/// The thread as the function's expressions see it: its number among the threads of its role.
fn place_in_role(of_threads: &[usize], index: usize) -> Thread {
    let role = of_threads[index];
    let same = |threads: &[usize]| threads.iter().filter(|&&each| each == role).count();
    Thread {
        index: same(&of_threads[..index]),
        count: same(of_threads),
    }
}

/// What the first thread of a role does when it calls alone.
fn alone(index: usize) -> Part {
    Part {
        index,
        slot: 0,
        chunk_calls: 1,
        threads: 1,
    }
}

/// What is known of a role.
struct Role {
    max_chunk: u64,
    /// A call alone, ns.
    call_ns: f64,
    sizes: Sizes,
}

impl Role {
    fn new(member: &GroupMember<'_>) -> Self {
        Self {
            max_chunk: member.max_chunk(),
            call_ns: CHUNK_NS,
            sizes: Sizes::unknown(),
        }
    }

    /// Whether its calls are long enough to be timed one by one.
    fn is_timed(&self) -> bool {
        self.call_ns >= TIMED_CALL_NS
    }
}

struct Roles<'a> {
    team: &'a mut Team,
    /// The role of each thread; the first threads have one each.
    of_threads: &'a [usize],
    roles: Vec<Role>,
    renewals: Renewals<'a>,
    cpus: u32,
}

/// What one role did in a window.
enum Did {
    Sample(Box<Sample>),
    Percentiles(Option<PercentileSample>),
}

impl Answers for Roles<'_> {
    /// Each role alone; the slowest decides how long a window must be.
    fn size(&mut self) -> Result<Reply, WorkerFailure> {
        let mut slowest = (0.0, 1);
        for (index, role) in self.roles.iter_mut().enumerate() {
            let alone = [alone(index)];
            self.renewals.make(self.team, &alone)?;
            let time_calls = &mut |calls| self.team.time_calls_of(index, calls);
            let (call_ns, chunk_calls) =
                size(role.max_chunk, CHUNK_NS, time_calls, &mut role.sizes)?;
            self.renewals.clear(self.team, &alone)?;
            role.call_ns = call_ns;
            if call_ns > slowest.0 {
                slowest = (call_ns, chunk_calls);
            }
        }
        Ok(Reply::Sized {
            call_ns: slowest.0,
            chunk_calls: slowest.1,
            timing_ns: None,
        })
    }

    /// All roles together, or, at one thread, each alone in a window of its own.
    fn window(&mut self, order: &WindowOrder) -> Result<Reply, WorkerFailure> {
        let members = self.roles.len();
        let did = if order.threads == 1 {
            let mut did: Vec<(usize, Did)> = Vec::with_capacity(members);
            for turn in 0..members {
                // None is always the first.
                let role = (turn + order.round as usize) % members;
                let parts = [Part {
                    chunk_calls: self.chunk(role, order),
                    ..alone(role)
                }];
                did.extend(
                    self.measure(order, &parts)?
                        .into_iter()
                        .map(|did| (role, did)),
                );
            }
            sort::by(&mut did, &|a, b| a.0.cmp(&b.0));
            did.into_iter().map(|(_, did)| did).collect()
        } else {
            let parts = self.parts(order)?;
            self.measure(order, &parts)?
        };
        Ok(reply(did))
    }

    fn once(&mut self, threads: usize) -> Result<(), WorkerFailure> {
        if threads > 1 {
            let parts = self.parts_of(threads, |_| 1)?;
            self.renewals.make(self.team, &parts)?;
            crate::measure::Engine::once(self.team, threads)?;
            return self.renewals.clear(self.team, &parts);
        }
        for role in 0..self.roles.len() {
            let alone = [alone(role)];
            self.renewals.make(self.team, &alone)?;
            self.team.time_calls_of(role, 1)?;
            self.renewals.clear(self.team, &alone)?;
        }
        Ok(())
    }
}

fn reply(did: Vec<Did>) -> Reply {
    let (mut samples, mut percentiles) = (Vec::new(), Vec::new());
    for did in did {
        match did {
            Did::Sample(sample) => samples.push(*sample),
            Did::Percentiles(figures) => percentiles.push(figures),
        }
    }
    if percentiles.is_empty() {
        Reply::Samples { samples }
    } else {
        Reply::PercentilesOfEach { percentiles }
    }
}

impl Roles<'_> {
    fn refuse_too_few(&self, threads: usize) -> Result<(), WorkerFailure> {
        let members = self.roles.len();
        if threads >= members {
            return Ok(());
        }
        Err(WorkerFailure {
            message: format!("{members} roles need {members} threads; there are {threads}"),
            place: None,
        })
    }

    /// What every thread does when all roles are called together, role by role.
    fn parts(&self, order: &WindowOrder) -> Result<Vec<Part>, WorkerFailure> {
        self.parts_of(order.threads as usize, |index| self.chunk(index, order))
    }

    /// The same with `chunk` calls of each thread between two clock reads.
    fn parts_of(
        &self,
        threads: usize,
        chunk: impl Fn(usize) -> u64,
    ) -> Result<Vec<Part>, WorkerFailure> {
        self.refuse_too_few(threads)?;
        let of_threads = &self.of_threads[..threads];
        let count = |role| of_threads.iter().filter(|&&each| each == role).count();
        let part = |index| Part {
            index,
            slot: index,
            chunk_calls: chunk(index),
            threads: count(of_threads[index]),
        };
        let mut parts: Vec<Part> = (0..threads).map(part).collect();
        sort::by(&mut parts, &|a, b| {
            of_threads[a.index].cmp(&of_threads[b.index])
        });
        Ok(parts)
    }

    /// Calls of thread `index` between two clock reads.
    fn chunk(&self, index: usize, order: &WindowOrder) -> u64 {
        let role = &self.roles[self.of_threads[index]];
        let known = role.sizes.chunk_calls.at(order.threads);
        match order.kind {
            WindowKind::Percentiles if role.is_timed() => 1,
            _ => known.unwrap_or_else(|| self.first_chunk(role)),
        }
    }

    /// Calls in a chunk before there was a window with others: each may have to wait for the slowest of them.
    fn first_chunk(&self, role: &Role) -> u64 {
        let slowest = self
            .roles
            .iter()
            .map(|role| role.call_ns)
            .fold(0.0, f64::max);
        let fitting = (CHUNK_NS / slowest).clamp(1.0, CHUNK_NS) as u64;
        fitting.min(role.max_chunk)
    }

    /// One window, and what each role did in it, in the order of `parts`, which come role by role.
    fn measure(&mut self, order: &WindowOrder, parts: &[Part]) -> Result<Vec<Did>, WorkerFailure> {
        let of_threads = self.of_threads;
        let role = |part: &Part| of_threads[part.index];
        // As for one function: after so long every caller has had its turn, served one after the other.
        let round_ns: f64 = parts
            .iter()
            .map(|part| self.roles[role(part)].sizes.chunk_ns)
            .sum();
        let ramps = parts
            .iter()
            .map(|part| self.roles[role(part)].sizes.ramp_ns(order.window_ns));
        let plan = WindowPlan {
            threads: parts.len(),
            chunk_calls: 1,
            window_ns: order.window_ns,
            ramp_ns: ramps.min().unwrap_or(0),
            batch: None,
            limit_ns: ((1.5 * round_ns) as u64).max(2 * order.window_ns),
            begin_ns: BEGIN_NS,
            opens: None,
        };
        self.renewals.make(self.team, parts)?;
        let logs = self.team.window_of(plan, parts)?;
        self.renewals.clear(self.team, parts)?;
        let mut rest: &[Log] = &logs;
        let mut did = Vec::new();
        for same in parts.chunk_by(|a, b| role(a) == role(b)) {
            let (own, others) = rest.split_at(same.len());
            rest = others;
            did.push(self.read(order, role(&same[0]), &logs, own));
        }
        Ok(did)
    }

    /// What the threads of one role did.
    fn read(&mut self, order: &WindowOrder, role: usize, logs: &[Log], own: &[Log]) -> Did {
        let role = &mut self.roles[role];
        let fits = fits(order.threads, self.cpus, logs);
        if order.kind == WindowKind::Percentiles {
            let figures = role
                .is_timed()
                .then(|| percentiles::sample(order, fits, own));
            return Did::Percentiles(figures);
        }
        let callers = own.len() as u32;
        let mut sample = analysis::sample_of(order, callers, fits, logs, own);
        sample.callers = Some(f64::from(callers));
        role.sizes.note(&sample);
        if order.kind == WindowKind::WarmUp && sample.calls > 0.0 {
            let call_ns = f64::from(callers) * sample.window_ns / sample.calls;
            let chunk_ns = CHUNK_NS.max(order.window_ns as f64 / MAX_CHUNKS);
            set_chunk(
                &mut role.sizes,
                order.threads,
                call_ns,
                chunk_ns,
                role.max_chunk,
            );
        }
        Did::Sample(Box::new(sample))
    }
}
