//! What the machine itself allows: the ceiling and the harness's floor.

#[cfg(feature = "compare")]
use crate::change::Machine;
use crate::data::{Mode, Run};
use crate::estimate::{Clock, Curves, PointEstimate, points};

/// Id of the null that only computes, privately.
pub const NULL_ALU: &str = "null::alu";
/// Id of the null that streams through private memory.
pub const NULL_STREAMING: &str = "null::streaming";
/// Id of the null that does nothing: the harness's own cost.
pub const NULL_FLOOR: &str = "null::floor";

/// The nulls' figures by thread count.
#[derive(Debug, Default)]
pub(super) struct Nulls {
    ceiling: Figures,
    ceiling_streaming: Figures,
    floor_ns: Figures,
}

/// A figure at each of some thread counts.
#[derive(Debug, Default)]
struct Figures(Vec<(u32, f64)>);

impl Figures {
    fn at(&self, threads: u32) -> Option<f64> {
        let mut figures = self.0.iter();
        figures
            .find(|(count, _)| *count == threads)
            .map(|(_, figure)| *figure)
    }
}

impl Nulls {
    pub(super) fn of(run: &Run) -> Self {
        Self {
            ceiling: efficiencies(run, NULL_ALU),
            ceiling_streaming: efficiencies(run, NULL_STREAMING),
            floor_ns: figures(run, NULL_FLOOR, &|p| Some(p.latency_ns.estimate)),
        }
    }

    /// Efficiency that code sharing nothing reaches at N.
    pub(super) fn ceiling(&self, threads: u32) -> Option<f64> {
        self.ceiling.at(threads)
    }

    /// The same for code that streams through memory.
    pub(super) fn ceiling_streaming(&self, threads: u32) -> Option<f64> {
        self.ceiling_streaming.at(threads)
    }

    /// Whether a latency at N is within 3 times of an empty call. Parallel calls have no such floor.
    pub(super) fn near_floor(&self, mode: Mode, threads: u32, latency_ns: f64) -> bool {
        let floor = self.floor_ns.at(threads);
        mode != Mode::Parallel && floor.is_some_and(|floor| latency_ns <= 3.0 * floor)
    }
}

/// The machine's own code in each of some runs.
#[cfg(feature = "compare")]
pub(super) struct Machines<'a>(Vec<(&'a Run, Machine)>);

#[cfg(feature = "compare")]
impl<'a> Machines<'a> {
    pub(super) fn of(runs: impl IntoIterator<Item = &'a Run>) -> Self {
        let curves = |run: &Run| {
            let nulls = run.nulls.iter();
            let curves =
                nulls.map(|null| (null.id.clone(), Curves::central_only(null, Clock::Counted)));
            Machine(curves.collect())
        };
        Self(runs.into_iter().map(|run| (run, curves(run))).collect())
    }

    /// That of one of these runs.
    pub(super) fn get(&self, run: &Run) -> Option<&Machine> {
        let found = self.0.iter().find(|(other, _)| std::ptr::eq(*other, run));
        found.map(|(_, machine)| machine)
    }
}

/// Beyond the CPUs a computing null shows how CPUs are divided, which is no ceiling for code that blocks.
fn efficiencies(run: &Run, id: &str) -> Figures {
    let fits = |threads: u32| run.host.cpus == 0 || threads <= run.host.cpus;
    figures(run, id, &|p| {
        p.efficiency.filter(|_| fits(p.threads)).map(|e| e.estimate)
    })
}

fn figures(run: &Run, id: &str, figure: &dyn Fn(&PointEstimate) -> Option<f64>) -> Figures {
    let Some(record) = run.nulls.iter().find(|record| record.id == id) else {
        return Figures::default();
    };
    let points = points(&Curves::central_only(record, Clock::Counted));
    let figures = points.iter().filter_map(|p| Some((p.threads, figure(p)?)));
    Figures(figures.collect())
}
