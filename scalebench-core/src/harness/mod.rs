//! What `scalebench::main!()` runs: the coordinator's way through, from the command line to the exit code.

mod bench;
mod elsewhere;
mod expect;
pub(crate) mod failure;
mod gate;
mod list;
pub(crate) mod listing;
#[cfg_attr(not(feature = "compare"), path = "no_old_side.rs")]
mod old_side;
mod page;
pub(crate) mod params;
mod profile;
mod progress;
pub(crate) mod revision;
mod terminal;
mod test_mode;

use std::process::exit;

#[cfg(feature = "criterion")]
pub(crate) use bench::finish;

use scalebench_model::data::{Axis, Mode};
use scalebench_store::TargetName;

use crate::coordinator::ask::AskError;
use crate::coordinator::in_process::InProcess;
use crate::coordinator::process::Processes;
use crate::features::{HOSTS, LOAD, needed};
use crate::measure::nulls;
use crate::options::{self, Action, HELP, Ignored, Options, Selection};
use crate::protocol::BenchmarkInfo;
use crate::say::{say, tell};
use crate::sys::Program;
use crate::{given, planner, worker};
use listing::{Known, Listing};

/// Exit codes, the same for every action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Fine = 0,
    Gate = 1,
    Usage = 2,
    BenchmarkFailed = 3,
    Files = 4,
    Interrupted = 130,
}

/// Runs the bench target `target` of `package`: as a worker when a coordinator started it, else as the coordinator. Ends the
/// process: a `main` that returned an `ExitCode` would be refused where a lint holds crates to an older compiler.
#[inline]
pub fn main(package: Option<&str>, target: &str) -> ! {
    nulls::make();
    exit(begin(package, target) as i32)
}

fn begin(package: Option<&str>, target: &str) -> Exit {
    // Keeps the marker in the binary.
    std::hint::black_box(scalebench_store::BENCH_MARKER);
    if worker::is_asked_for() {
        worker::main();
    }
    let mut options =
        match options::parse(std::env::args_os().skip(1), |name| std::env::var_os(name)) {
            Ok(options) => options,
            Err(error) => {
                tell(error);
                return Exit::Usage;
            }
        };
    options.selection.package = package.map(str::to_owned);
    let target = TargetName {
        package,
        name: target,
    };
    said(act(target, &options))
}

/// The exit code after all was said: what standard output did not take is a file that could not be written.
fn said(exit: Exit) -> Exit {
    let Some(error) = scalebench_store::refused() else {
        return exit;
    };
    tell(format_args!(
        "error: could not print everything: {error}\nhelp: make room where standard output goes, or send it elsewhere"
    ));
    match exit {
        Exit::Fine | Exit::Gate => Exit::Files,
        exit => exit,
    }
}

fn act(target: TargetName<'_>, options: &Options) -> Exit {
    match options.action {
        Action::Help => {
            say(HELP);
            return Exit::Fine;
        }
        Action::Version => {
            say(concat!("scalebench ", env!("CARGO_PKG_VERSION"), "\n"));
            return Exit::Fine;
        }
        Action::Bench | Action::Test | Action::List => {}
    }
    given::set(&options.params, options.threads.as_deref().unwrap_or(&[]));
    if options.in_process || options.profile_time.is_some() {
        worker::remember_panics(|_| ());
    }
    let selection = to_show(options);
    let Ok(listing) = list(options, &selection) else {
        return Exit::Interrupted;
    };
    let selected = planner::select(&selection, listing.benchmarks.clone());
    let known = listing.known();
    if let Err(message) = check(target.name, options, &listing, &selected, &known) {
        tell(message);
        return Exit::Usage;
    }
    match (options.action, options.profile_time) {
        (Action::List, _) => list::print(options, &selected, &listing.broken_in(&selection)),
        (Action::Test, _) => {
            let broken = listing.broken_in(&options.selection);
            let left_out = known.len() - selected.len() - broken.len();
            test_mode::run(options, &selected, &broken, left_out)
        }
        (Action::Bench | Action::Help | Action::Version, time) => {
            match under_load(options, selected) {
                Err(message) => {
                    tell(message);
                    Exit::Usage
                }
                Ok(selected) => {
                    say_what_threads_leave(options, &selected);
                    let selected = whole_groups(selected, &listing.benchmarks);
                    let broken = listing.broken_in(&selection);
                    match time {
                        Some(time) => profile::run(options, selected, &broken, time),
                        None => bench::run(target, options, selected, broken, &known),
                    }
                }
            }
        }
    }
}

/// Finds out which benchmarks there are.
fn list(options: &Options, selection: &Selection) -> Result<Listing, AskError> {
    if options.in_process {
        return Listing::of_this(&InProcess, selection);
    }
    let workers = Processes {
        program: Program::this(),
        timeout: options.timeout,
        nocapture: options.nocapture,
    };
    Listing::of_this(&workers, selection)
}

/// Checks what was asked for against what there is.
///
/// # Errors
/// A message that says what is wrong and what to write.
fn check(
    target: &str,
    options: &Options,
    listing: &Listing,
    selected: &[BenchmarkInfo],
    known: &Known,
) -> Result<(), String> {
    params::check_names()?;
    if let Some(refused) = listing.refusal(selected) {
        return Err(refused.to_owned());
    }
    if let Some(twice) = known.ids.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(format!(
            "two benchmarks have the id `{}`; rename one with `name = \"…\"`",
            twice[0]
        ));
    }
    let is_typing_error = |id: &&&str| {
        let own = options.selection.without_package(id);
        !elsewhere::is_elsewhere(id, own, known)
    };
    let unknown = unknown_ids(&options.selection, known);
    if let Some(unknown) = unknown.iter().find(is_typing_error) {
        return Err(format!(
            "no benchmark of `{target}` has the id `{unknown}`; `--list` prints them"
        ));
    }
    match missing_feature(selected) {
        Some(message) if options.action != Action::List => Err(message),
        _ => Ok(()),
    }
}

/// What to say of a benchmark that needs a feature which this build was made without, where there is one.
fn missing_feature(selected: &[BenchmarkInfo]) -> Option<String> {
    let needs = |info: &BenchmarkInfo| match (info.mode, info.axis) {
        (Mode::Load, _) if !LOAD => Some("load"),
        (_, Axis::Processes | Axis::Callers) if !HOSTS => Some("hosts"),
        _ => None,
    };
    let mut all = selected.iter();
    let (id, feature) = all.find_map(|info| Some((&info.id, needs(info)?)))?;
    let needed = needed(id, feature);
    Some(format!("{needed}, or leave it out with `--skip {id}`"))
}

/// With `--load`, what can be measured under load, and that it is to be; what cannot is left out, which is said.
fn under_load(
    options: &Options,
    selected: Vec<BenchmarkInfo>,
) -> Result<Vec<BenchmarkInfo>, String> {
    if !LOAD || !options.all_under_load {
        return Ok(selected);
    }
    let (mut able, unable): (Vec<BenchmarkInfo>, Vec<BenchmarkInfo>) = selected
        .into_iter()
        .partition(|info| info.loadable || info.mode == Mode::Load);
    for info in &mut able {
        info.mode = Mode::Load;
        if info.is_async {
            // Whether or not it varies worker threads otherwise: arrivals are served by tasks.
            info.axis = Axis::Tasks;
        }
    }
    let unable = ids(&unable).join(", ");
    let reason = "load mode is for concurrent functions, not for `parallel`, `processes`, groups or a `Bencher`";
    match (able.is_empty(), unable.is_empty()) {
        (_, true) => {}
        (true, false) => {
            return Err(format!(
                "nothing here can be measured under load: {unable}; {reason}"
            ));
        }
        (false, false) => tell(format_args!("left out of `--load`: {unable}; {reason}")),
    }
    Ok(able)
}

/// `--threads` is nothing to benchmarks that vary processes alone, which is said.
fn say_what_threads_leave(options: &Options, selected: &[BenchmarkInfo]) {
    let alone = selected.iter().filter(|info| info.axis == Axis::Processes);
    let alone: Vec<&str> = alone.map(|info| info.id.as_str()).collect();
    if options.threads.is_some() && !alone.is_empty() {
        tell(format_args!(
            "`--threads` does not change {}: one thread calls in each process, whose number `--processes` sets; with \
             `threads = [1, 2]` beside `processes` in the attribute it is several",
            alone.join(", ")
        ));
    }
}

/// With one function of a group the whole group is measured, which is said.
fn whole_groups(selected: Vec<BenchmarkInfo>, all: &[BenchmarkInfo]) -> Vec<BenchmarkInfo> {
    let (selected, added) = planner::complete(selected, all);
    if !added.is_empty() {
        let added = added.join(", ");
        tell(format_args!(
            "a group is measured as a whole, so these take part too: {added}"
        ));
    }
    selected
}

/// What takes part. As with libtest, lists and tests also name the ignored ones.
fn to_show(options: &Options) -> Selection {
    let named = matches!(options.action, Action::List | Action::Test);
    let ignored = match options.selection.ignored {
        Ignored::Leave if named => Ignored::Include,
        asked => asked,
    };
    Selection {
        ignored,
        ..options.selection.clone()
    }
}

fn ids(benchmarks: &[BenchmarkInfo]) -> Vec<String> {
    benchmarks.iter().map(|info| info.id.clone()).collect()
}

/// With `--exact` every filter must name a benchmark; a typing error must not pass as "nothing to do".
fn unknown_ids<'a>(selection: &'a Selection, known: &Known) -> Vec<&'a str> {
    if !selection.exact {
        return Vec::new();
    }
    let is_known = |id: &str| {
        let without = selection.without_package(id);
        known.contains(id) || without.is_some_and(|without| known.contains(without))
    };
    let filters = selection.filters.iter().map(String::as_str);
    filters.filter(|filter| !is_known(filter)).collect()
}
