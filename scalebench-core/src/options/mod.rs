//! The command line: what the flags of criterion, divan and libtest mean here.

mod help;
mod load;
mod parse;
mod remote;
mod values;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::given::Param;
use crate::registry::{Function, is_of};
use scalebench_model::data::Preset;
use scalebench_model::expect::Expectation;
use scalebench_model::gate::Limits;

pub(crate) use help::HELP;
pub(crate) use load::LoadOptions;
pub(crate) use parse::parse;
pub(crate) use remote::{OnHostLoss, Remote};

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Measure (`--bench`, which cargo passes).
    Bench,
    /// Call every benchmark once at 1 and 2 threads (no `--bench`, or `--test`).
    Test,
    /// Print the names (`--list`).
    List,
    /// Print the help.
    Help,
    /// Print the version (`--version`).
    Version,
}

/// Which ignored benchmarks take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ignored {
    Leave,
    Include,
    Only,
}

/// Which benchmarks take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Parts of ids, or whole ids with `exact`; none means all.
    pub(crate) filters: Vec<String>,
    pub(crate) skip: Vec<String>,
    pub(crate) exact: bool,
    pub(crate) ignored: Ignored,
    /// The package of the benchmarks: their whole ids may begin with it, as they do where packages share one.
    pub(crate) package: Option<String>,
}

impl Selection {
    /// Whether the benchmark `id` takes part.
    pub(crate) fn takes(&self, id: &str, ignore: bool) -> bool {
        let matches = |pattern: &String| {
            if self.exact {
                id == pattern || self.without_package(pattern) == Some(id)
            } else {
                id.contains(pattern.as_str())
            }
        };
        let wanted = self.filters.is_empty() || self.filters.iter().any(matches);
        wanted && self.takes_marked(ignore) && !self.skip.iter().any(matches)
    }

    /// What stands behind the package in a whole id that begins with it.
    pub(crate) fn without_package<'a>(&self, id: &'a str) -> Option<&'a str> {
        id.strip_prefix(self.package.as_deref()?)?
            .strip_prefix("::")
    }

    /// Whether a whole id may be that of a benchmark of the function `name`.
    fn may_name(&self, id: &str, name: &str) -> bool {
        let without = self.without_package(id);
        is_of(id, name) || without.is_some_and(|without| is_of(without, name))
    }

    /// Whether a benchmark of the function `name` may take part, as far as its name tells.
    pub(crate) fn may_take(&self, name: &str, ignore: bool) -> bool {
        let may_match = |pattern: &String| !self.exact || self.may_name(pattern, name);
        let may_be_wanted = self.filters.is_empty() || self.filters.iter().any(may_match);
        may_be_wanted && self.takes_marked(ignore) && !self.skips(name)
    }

    /// Whether it asks for benchmarks of a function whose values are not known: by its name, or that of a parameter.
    pub(crate) fn means(&self, function: &Function) -> bool {
        let mut names = function.name.clone();
        names.extend(function.parameters().flat_map(|name| ["/", name]));
        // What stands before the first value.
        let begin = |filter: &str| {
            filter
                .split('=')
                .next()
                .is_some_and(|begin| names.contains(begin))
        };
        let means = |filter: &String| match self.exact {
            true => self.may_name(filter, &function.name),
            false => begin(filter),
        };
        let wanted = self.filters.is_empty() || self.filters.iter().any(means);
        wanted && self.takes_marked(function.ignore()) && !self.skips(&function.name)
    }

    fn takes_marked(&self, ignore: bool) -> bool {
        match self.ignored {
            Ignored::Leave => !ignore,
            Ignored::Include => true,
            Ignored::Only => ignore,
        }
    }

    /// Whether all benchmarks of the function `name` are left out.
    fn skips(&self, name: &str) -> bool {
        let by_name = |pattern: &String| !self.exact && name.contains(pattern.as_str());
        self.skip.iter().any(by_name)
    }
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

/// What a run is compared with, and what is kept of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Comparing {
    /// Keep this run under a name.
    pub(crate) save: Option<String>,
    /// Compare with this baseline rather than with the runs before.
    pub(crate) baseline: Option<String>,
    /// A baseline that does not exist is no error.
    pub(crate) lenient: bool,
    /// Show this baseline instead of measuring.
    pub(crate) load: Option<String>,
    /// Do not store this run.
    pub(crate) discard: bool,
    /// Another build of the target, to be measured window by window beside this one.
    pub(crate) against: Option<PathBuf>,
    /// What the other build is called in the report.
    pub(crate) against_name: Option<String>,
    /// Compare even with runs of an unlike machine.
    pub(crate) unlike_machines: bool,
    /// From which loss on the run fails.
    pub(crate) gate: Option<Limits>,
    /// Whether what the data cannot tell fails, too.
    pub(crate) strict: bool,
}

/// Everything that the command line says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Options {
    pub(crate) action: Action,
    pub(crate) selection: Selection,
    /// One name a line, as nextest and editors read it.
    pub(crate) terse: bool,
    pub(crate) color: Color,
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
    pub(crate) nocapture: bool,
    pub(crate) preset: Preset,
    pub(crate) threads: Option<Vec<u32>>,
    /// Tasks in flight, for the async benchmarks that vary them.
    pub(crate) tasks: Option<Vec<u32>>,
    /// Processes, for the benchmarks that vary them.
    pub(crate) processes: Option<Vec<u32>>,
    pub(crate) launches: Option<u32>,
    pub(crate) rounds: Option<u32>,
    pub(crate) window: Option<Duration>,
    pub(crate) max_time: Option<Duration>,
    /// Call for so long at each thread count, for a profiler, and measure nothing.
    pub(crate) profile_time: Option<Duration>,
    pub(crate) timeout: Duration,
    pub(crate) seed: u64,
    pub(crate) pin: bool,
    /// Whether workers may ask the system to run before other processes.
    pub(crate) hurry: bool,
    pub(crate) in_process: bool,
    /// Where workers run, when not here.
    pub(crate) remote: Remote,
    pub(crate) comparing: Comparing,
    /// What every selected benchmark must reach.
    pub(crate) expect: Vec<Expectation>,
    /// Values in place of those of `#[values]` parameters.
    pub(crate) params: Vec<Param>,
    /// Whether everything that can is measured under load (`--load`).
    pub(crate) all_under_load: bool,
    pub(crate) load: LoadOptions,
}

impl Options {
    /// Adds what the command line expects to what a benchmark expects by itself.
    pub(crate) fn expect_more(&self, expectations: &mut Vec<String>) {
        for expected in &self.expect {
            let text = expected.to_string();
            if !expectations.contains(&text) {
                expectations.push(text);
            }
        }
    }
}

/// A command line that makes no sense; the text says what and how it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UsageError {
    message: String,
    /// What to write, where the message does not say it.
    help: Option<String>,
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.help {
            Some(help) => write!(f, "error: {}\nhelp: {help}", self.message),
            None => write!(f, "{}. `--help` lists the flags", self.message),
        }
    }
}

impl From<lexopt::Error> for UsageError {
    fn from(error: lexopt::Error) -> Self {
        Self {
            message: error.to_string(),
            help: None,
        }
    }
}

fn usage<T>(message: impl Into<String>) -> Result<T, UsageError> {
    Err(UsageError {
        message: message.into(),
        help: None,
    })
}

/// The longest wait for one window of one benchmark, unless `--timeout` says otherwise.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

impl Default for Options {
    fn default() -> Self {
        Self {
            action: Action::Test,
            selection: Selection {
                filters: Vec::new(),
                skip: Vec::new(),
                exact: false,
                ignored: Ignored::Leave,
                package: None,
            },
            terse: false,
            color: Color::Auto,
            quiet: false,
            verbose: false,
            nocapture: false,
            preset: Preset::Default,
            threads: None,
            tasks: None,
            processes: None,
            launches: None,
            rounds: None,
            window: None,
            max_time: None,
            profile_time: None,
            timeout: DEFAULT_TIMEOUT,
            seed: 0x5ca1_eb3c,
            pin: true,
            hurry: true,
            in_process: false,
            remote: Remote::default(),
            comparing: Comparing::default(),
            expect: Vec::new(),
            params: Vec::new(),
            all_under_load: false,
            load: LoadOptions::default(),
        }
    }
}
