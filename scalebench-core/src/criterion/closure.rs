//! A sweep over a closure, without an annotated function.

use crate::annotate::never_fails;
use crate::channel::unbounded;
use scalebench_model::data::Location;
use scalebench_store::TargetName;

use super::{Benchmark, Purpose, Setting, publish};
use crate::coordinator::in_process::over_channels;
use crate::launch::{Launch, Thread};
use crate::measure::nulls;
use crate::planner;
use crate::protocol::BenchmarkInfo;
use crate::worker::{self, Orders};

/// Which sweep it is.
#[derive(Debug, Clone, Copy)]
pub struct Sweep<'a> {
    /// Name of the package.
    pub package: Option<&'a str>,
    /// Name of the bench target.
    pub target: &'a str,
    /// What the benchmark is called.
    pub id: &'a str,
    /// Source file.
    pub file: &'a str,
    /// Line, from 1.
    pub line: u32,
    /// Thread counts; none leaves the choice to the run.
    pub threads: &'a [usize],
}

impl Sweep<'_> {
    /// Sweeps over a closure: `own` makes a thread's state (once, on that thread), `call` is the call. `body` lets
    /// criterion measure; afterwards the report is printed and written.
    ///
    /// # Panics
    /// When a thread count is 0, and when the code under measurement panics.
    pub fn run<L, O>(
        &self,
        own: impl Fn(Thread) -> L + Sync,
        call: impl Fn(&mut L) -> O + Sync,
        body: impl FnOnce(&mut Benchmark),
    ) {
        assert!(
            !self.threads.contains(&0),
            "{}: a thread count is at least 1",
            self.id
        );
        nulls::make();
        let setting = Setting::read();
        worker::remember_panics(|_| ());
        let (orders, inbox) = unbounded();
        let (outbox, replies) = unbounded();
        let measured = std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut served = Orders::over_channels(inbox, outbox);
                worker::serve_one(&mut served, |launch: Launch<'_>| {
                    launch.concurrent(&own, |_, _| (), |own, ()| call(own), never_fails);
                });
            });
            let plan = planner::plan(
                &setting.options,
                &setting.host,
                vec![self.info()],
                Vec::new(),
            );
            let plan = plan.benchmarks.into_iter().next()?;
            let mut benchmark = Benchmark::new(plan, &setting);
            benchmark.worker = Some(over_channels(orders, replies));
            body(&mut benchmark);
            // Hangs up, which ends the thread above.
            benchmark.end();
            Some(benchmark)
        });
        if let Some(benchmark) = measured.filter(|_| setting.purpose == Purpose::Measure) {
            let target = TargetName {
                package: self.package,
                name: self.target,
            };
            publish::publish(target, vec![benchmark]);
        }
    }

    fn info(&self) -> BenchmarkInfo {
        let threads = self
            .threads
            .iter()
            .map(|&count| u32::try_from(count).unwrap_or(u32::MAX));
        BenchmarkInfo {
            location: Location {
                file: self.file.to_owned(),
                line: self.line,
            },
            threads: Some(threads.collect()).filter(|threads: &Vec<u32>| !threads.is_empty()),
            ..BenchmarkInfo::plain(self.id)
        }
    }
}
