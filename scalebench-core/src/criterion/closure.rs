//! A sweep over a closure, without an annotated function.

use std::sync::{Mutex, PoisonError};

use crate::annotate::never_fails;
use crate::channel::unbounded;
use scalebench_model::data::Location;
use scalebench_model::render::visible;
use scalebench_store::TargetName;

use super::{Benchmark, Purpose, Setting, publish};
use crate::coordinator::in_process::over_channels;
use crate::harness::listing::Known;
use crate::launch::{Launch, Thread};
use crate::measure::nulls;
use crate::planner;
use crate::protocol::BenchmarkInfo;
use crate::say::tell;
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
        let id = &name_of_its_own(self.id);
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
                vec![self.info(id)],
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
            publish::publish(target, vec![benchmark], Known::all_functions());
        }
    }

    fn info(&self, id: &str) -> BenchmarkInfo {
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
            ..BenchmarkInfo::plain(id)
        }
    }
}

/// The ids of the sweeps of this process.
static SWEPT: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// What a sweep is called in the report, which is not what another one of this process is called: criterion tells the two
/// apart by their groups.
fn name_of_its_own(id: &str) -> String {
    let id = visible(id);
    let mut swept = SWEPT.lock().unwrap_or_else(PoisonError::into_inner);
    swept.push(id.clone());
    let times = swept.iter().filter(|other| **other == id).count();
    if times == 1 {
        return id;
    }
    let name = format!("{id} ({times})");
    tell(format_args!(
        "another sweep is called `{id}`, so this one is `{name}` in the report\n\
         help: say which group it is in, as in `criterion_sweep!(group = \"maps\", group, …)`"
    ));
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sweeps_of_one_name_are_told_apart() {
        let names = ["a::insert", "a::get", "a::insert", "a::in\nsert"].map(name_of_its_own);
        assert_eq!(
            names,
            ["a::insert", "a::get", "a::insert (2)", "a::in\\nsert"]
        );
    }
}
