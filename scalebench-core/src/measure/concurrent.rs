//! Concurrent mode: a team of threads, made once a launch, that call the function over and over.

use super::chunk::Caller;
use super::log::Log;
use super::seat::{Part, Seat, Timing};
use super::subject::{Renewal, Shown, Subject};
use super::team::{Team, run_team};
use super::window::{Chunks, WindowPlan};
use super::{Caught, Engine, catch};
use crate::launch::Thread;
use crate::protocol::{LoadOrder, WorkerFailure};
use crate::worker::Orders;
use scalebench_model::data::LoadSample;

/// Serves one benchmark in concurrent mode.
pub(crate) fn serve<B: Subject>(orders: &mut Orders, subject: B) {
    let shown = Shown::new(subject);
    let renewal: Option<&dyn Renewal> = if B::RENEWS { Some(&shown) } else { None };
    serve_callers(orders, Caller::<B>::max_chunk(), renewal, &|thread| {
        Caller::new(thread, &shown)
    });
}

/// Serves one benchmark with a caller on each thread that `make` makes there.
pub(super) fn serve_callers<C: Chunks>(
    orders: &mut Orders,
    max_chunk: u64,
    renewal: Option<&dyn Renewal>,
    make: &(impl Fn(Thread) -> C + Sync),
) {
    // The two sides of a generic caller are all that is compiled for each benchmark; the rest is shared.
    let member = |seat: &Seat| match catch(|| make(seat.thread)) {
        Ok(mut caller) => seat.serve(&mut caller),
        Err(failure) => seat.report(Err(failure)),
    };
    serve_members(orders, max_chunk, renewal, &member);
}

fn serve_members(
    orders: &mut Orders,
    max_chunk: u64,
    renewal: Option<&dyn Renewal>,
    member: &(dyn Fn(&Seat) + Sync),
) {
    let threads = orders.prepared().max_threads as usize;
    run_team(
        orders,
        threads,
        max_chunk,
        member,
        &mut |orders, team| match renewal {
            Some(renewal) => super::serve(orders, &mut Renewing { team, renewal }),
            None => super::serve(orders, team),
        },
    );
}

/// A team whose members begin every window with what is made anew for it.
struct Renewing<'a> {
    team: &'a mut Team,
    /// What the members share of a window.
    renewal: &'a dyn Renewal,
}

impl Engine for Renewing<'_> {
    fn renew(&mut self, threads: usize) -> Result<(), WorkerFailure> {
        catch(|| self.renewal.make())?;
        self.team.renew_of(&Part::alike(threads, 1))
    }

    fn clear(&mut self, threads: usize) -> Result<(), WorkerFailure> {
        self.team.clear_of(&Part::alike(threads, 1))?;
        catch(|| self.renewal.clear())
    }

    fn window(&mut self, plan: WindowPlan) -> Result<Vec<Log>, WorkerFailure> {
        self.team.window(plan)
    }

    fn time_calls(&mut self, calls: u64) -> Result<Timing, WorkerFailure> {
        self.team.time_calls(calls)
    }

    fn load(&mut self, order: &LoadOrder) -> Caught<LoadSample> {
        self.team.load(order)
    }

    fn once(&mut self, threads: usize) -> Result<(), WorkerFailure> {
        self.team.once(threads)
    }

    fn max_chunk(&self) -> u64 {
        self.team.max_chunk()
    }

    fn callers(&self, threads: u32) -> u32 {
        self.team.callers(threads)
    }
}
