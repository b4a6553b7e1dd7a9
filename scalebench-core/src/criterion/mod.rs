//! The criterion plug-in's runtime: criterion asks for windows, and what they recorded becomes our report.
//!
//! This crate never names criterion: the facade's macros write the calls to whatever the user's project calls
//! `criterion`, so every version with `benchmark_group` and `iter_custom` fits. Inside `iter_custom` criterion says how
//! many iterations it wants; we run one window (`windows`) that lasts about as long and answer with that many times the
//! latency. Everything happens in criterion's own process.

mod closure;
mod publish;
mod windows;

use std::time::Duration;

use scalebench_model::data::{Axis, BenchmarkRecord, Host, Mode};
use scalebench_store::TargetName;

use crate::coordinator::ask::{Spawn, Worker};
use crate::coordinator::in_process::InProcess;
use crate::harness::listing::{Known, Listing};
use crate::harness::{failure, params};
use crate::measure::nulls;
use crate::options::{self, Options};
use crate::planner::{self, BenchmarkPlan};
use crate::protocol::BenchmarkInfo;
use crate::say::tell;
use crate::{given, sys, worker};
use windows::{Failed, Windows};

pub use closure::Sweep;

/// What criterion was started for, by the same flags that it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To measure: there is a report afterwards.
    Measure,
    /// To call everything once.
    Test,
    /// To keep calling, or to list: nothing is recorded.
    Other,
}

impl Purpose {
    /// By criterion's rules: without `--bench`, or with `--test`, it tests.
    fn of(arguments: &[String]) -> Self {
        let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
        let profiles = |argument: &String| argument.starts_with("--profile-time");
        if has("--list") || arguments.iter().any(profiles) {
            Self::Other
        } else if has("--test") || !has("--bench") {
            Self::Test
        } else {
            Self::Measure
        }
    }

    fn of_this_process() -> Self {
        // An argument that is not Unicode is a filter and no flag.
        let arguments: Vec<String> = std::env::args_os()
            .skip(1)
            .map(|argument| argument.to_string_lossy().into_owned())
            .collect();
        Self::of(&arguments)
    }
}

/// The annotated functions of a bench target while criterion runs them.
pub struct Plugin<'a> {
    target: TargetName<'a>,
    purpose: Purpose,
    benchmarks: Vec<Benchmark>,
    /// Functions whose expressions failed.
    broken: Vec<BenchmarkRecord>,
    known: Known,
}

impl<'a> Plugin<'a> {
    /// Plans every benchmark of this binary that is not ignored, for the bench target `target` of `package`. Makes no
    /// state yet.
    ///
    /// Ends the process with exit code 2 when a `SCALEBENCH_*` variable makes no sense.
    #[must_use]
    #[inline]
    pub fn new(package: Option<&'a str>, target: &'a str) -> Self {
        nulls::make();
        Self::of(package, target)
    }

    fn of(package: Option<&'a str>, target: &'a str) -> Self {
        let setting = Setting::read();
        worker::remember_panics(|_| ());
        let listing = Listing::of_this(&InProcess, &setting.options.selection).unwrap_or_default();
        let known = listing.known();
        let broken = listing.broken_in(&setting.options.selection);
        let mut infos = planner::select(&setting.options.selection, listing.benchmarks.clone());
        infos.retain(is_alone);
        let refused = listing.refusal(&infos).map(str::to_owned);
        if let Some(message) = params::check_names().err().or(refused) {
            tell(message);
            std::process::exit(2);
        }
        // criterion knows closed loops only.
        for info in infos.iter_mut().filter(|info| info.mode == Mode::Load) {
            info.mode = Mode::Concurrent;
        }
        let plan = planner::plan(&setting.options, &setting.host, infos, Vec::new());
        let benchmarks = plan
            .benchmarks
            .into_iter()
            .map(|plan| Benchmark::new(plan, &setting))
            .collect();
        Self {
            target: TargetName {
                package,
                name: target,
            },
            purpose: setting.purpose,
            benchmarks,
            broken,
            known,
        }
    }

    /// The benchmarks, sorted by id.
    pub fn benchmarks(&mut self) -> impl Iterator<Item = &mut Benchmark> {
        self.benchmarks.iter_mut()
    }

    /// Prints and writes the report of the windows that criterion asked for.
    ///
    /// # Panics
    /// When a function could not be asked for its benchmarks, as criterion's own benchmarks do.
    pub fn finish(self) {
        if self.purpose == Purpose::Measure {
            publish::publish(self.target, self.benchmarks, self.known);
        }
        if let Some(first) = self.broken.first() {
            failure::tell_of(&self.broken);
            panic!("{} failed", first.id);
        }
    }
}

/// criterion asks for one function at a time in its own process, which neither a group nor several processes can give.
fn is_alone(info: &BenchmarkInfo) -> bool {
    let what = match &info.member {
        Some(member) => format!("the group {}", member.group.id),
        None if matches!(info.axis, Axis::Processes | Axis::Callers) => {
            "several processes".to_owned()
        }
        None => return true,
    };
    tell(format_args!(
        "{} is left out: criterion cannot measure {what}; `scalebench::main!()` can",
        info.id
    ));
    false
}

/// What holds for all benchmarks of the process.
#[derive(Debug)]
struct Setting {
    options: Options,
    host: Host,
    purpose: Purpose,
}

impl Setting {
    fn read() -> Self {
        // The command line is criterion's; ours are the variables.
        let options = options::parse([], |name| std::env::var_os(name)).unwrap_or_else(|error| {
            tell(error);
            std::process::exit(2);
        });
        given::set(&options.params, options.threads.as_deref().unwrap_or(&[]));
        Self {
            options,
            host: sys::host(),
            purpose: Purpose::of_this_process(),
        }
    }
}

/// One benchmark under criterion.
pub struct Benchmark {
    plan: BenchmarkPlan,
    placement: Vec<u32>,
    cpus: u32,
    purpose: Purpose,
    /// Who serves it; without one, the annotated function is served.
    worker: Option<Box<dyn Worker>>,
    windows: Option<Windows>,
}

impl Benchmark {
    fn new(plan: BenchmarkPlan, setting: &Setting) -> Self {
        let placement = if setting.options.pin {
            setting.host.placement.clone()
        } else {
            Vec::new()
        };
        let (cpus, purpose) = (setting.host.cpus, setting.purpose);
        Self {
            plan,
            placement,
            cpus,
            purpose,
            worker: None,
            windows: None,
        }
    }

    /// The id, which is the name of criterion's group.
    #[must_use]
    pub fn id(&self) -> String {
        self.plan.info.id.clone()
    }

    /// The thread counts, ascending.
    #[must_use]
    pub fn threads(&self) -> Vec<u32> {
        self.plan.threads.clone()
    }

    /// What these count, as criterion's name for each of them begins: `threads`, or `tasks`.
    #[must_use]
    pub fn axis(&self) -> &'static str {
        self.plan.info.axis.name()
    }

    /// Makes the state, where that has not been done, and gets `threads` threads going: what should not count before
    /// criterion looks at its watch.
    ///
    /// # Panics
    /// When the code under measurement panics, as criterion's own benchmarks do.
    pub fn prepare(&mut self, threads: u32) {
        if self.windows.is_none() {
            let worker = self.worker.take().map_or_else(|| InProcess.spawn(0), Ok);
            let windows = worker
                .map_err(Failed::from)
                .and_then(|worker| Windows::new(worker, self));
            self.windows = Some(self.or_panic(windows));
        }
        if let Some(windows) = self
            .windows
            .as_mut()
            .filter(|_| self.purpose != Purpose::Test)
        {
            let warm = windows.warm_up(threads);
            self.or_panic(warm);
        }
    }

    /// Lets `threads` threads call for about as long as `iterations` calls take, and returns how long that many take one
    /// thread beside the others: `iterations` times the latency.
    ///
    /// # Panics
    /// Without [`prepare`](Self::prepare), and when the code under measurement panics.
    pub fn time(&mut self, threads: u32, iterations: u64) -> Duration {
        let timed = match (&mut self.windows, self.purpose) {
            (None, _) => Err(Failed::unprepared()),
            (Some(windows), Purpose::Test) => windows.once(threads),
            (Some(windows), Purpose::Measure | Purpose::Other) => windows.time(threads, iterations),
        };
        self.or_panic(timed)
    }

    fn or_panic<T>(&self, result: Result<T, Failed>) -> T {
        result.unwrap_or_else(|failure| panic!("{}: {failure}", self.plan.info.id))
    }

    /// Drops the state. What was recorded stays.
    pub fn end(&mut self) {
        self.worker = None;
        if let Some(windows) = &mut self.windows {
            windows.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_purpose_is_criterions() {
        let purpose = |text: &str| {
            let arguments: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            Purpose::of(&arguments)
        };
        assert_eq!(purpose("--bench"), Purpose::Measure);
        assert_eq!(
            purpose("maps --bench --save-baseline main"),
            Purpose::Measure
        );
        assert_eq!(purpose(""), Purpose::Test);
        assert_eq!(purpose("--bench --test"), Purpose::Test);
        assert_eq!(purpose("--bench --profile-time=5"), Purpose::Other);
        assert_eq!(purpose("--list --format terse"), Purpose::Other);
    }
}
