//! `cargo scalebench calibrate`: how much this machine varies by itself.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use lexopt::{Arg, Parser, ValueExt};
use scalebench_model::change::{Scope, Thresholds};
use scalebench_model::report::Report;
use scalebench_model::stats::quantile;
use scalebench_store::{Home, Noise};

use crate::child;
use crate::compare::binaries::{self, BenchBinary};
use crate::compare::selection::Selection;
use crate::compare::side_by_side::{Setting, session};
use crate::exit::Failure;
use crate::screen::{say, tell};
use crate::target;

const HELP: &str = "\
Measures how much this machine varies by itself: every bench target beside
itself, several times. 95 of 100 such comparisons stay within what comes out,
and from then on nothing smaller counts as a change here.

Usage: cargo scalebench calibrate [OPTIONS] [-- FLAGS]

Options
  --times N           comparisons of each bench target (default 5)
  --bench NAME, -p NAME, --workspace, --features LIST, --all-features,
  --no-default-features, --profile NAME   as with `cargo bench`
  -h, --help          print this

FLAGS are those of `cargo bench`: filters, --ci, --quick, --threads 1,2,4 …
It takes as long as twice as many runs of `cargo bench`. Do it while the
machine does what it usually does. `noise.json` among the results keeps what
came out; remove it to forget.
";

/// Fewer comparisons than this have no 95th percentile but only a largest one.
const ENOUGH: usize = 20;

struct Options {
    times: u32,
    selection: Selection,
    flags: Vec<OsString>,
}

/// Runs the command.
///
/// # Errors
/// When something does not build, a benchmark fails, or the result cannot be kept.
pub(crate) fn run(arguments: Vec<OsString>) -> Result<(), Failure> {
    let Some(options) = parse(arguments)? else {
        say(HELP);
        return Ok(());
    };
    let home = target::home()?;
    // A run beside it would be taken for noise. Its own runs have a home of their own.
    let _lock =
        home.lock(|holder| tell(format_args!("waiting for another run to end ({holder})")))?;
    child::watch()?;
    let folder = std::path::absolute(home.make_folder("calibrate")?).map_err(|error| {
        Failure::files(format!(
            "could not find `{}`: {error}",
            home.folder().display()
        ))
    })?;
    let binaries = binaries::build("the project", Path::new("."), &options.selection, None)?;
    let spreads = measure(&binaries, &options, &Home::at(&folder));
    // What was measured on the way is nothing to keep, however it ended.
    let _ = fs::remove_dir_all(&folder);
    let noise = spreads?.noise()?;
    let path = home.save_noise(noise)?;
    say(&format!("{}Kept in {}\n", words(&noise), path.display()));
    Ok(())
}

fn parse(mut arguments: Vec<OsString>) -> Result<Option<Options>, Failure> {
    let mut flags = Vec::new();
    if let Some(end) = arguments.iter().position(|argument| argument == "--") {
        flags = arguments.split_off(end);
        flags.remove(0);
    }
    let mut options = Options {
        times: 5,
        selection: Selection::default(),
        flags,
    };
    let mut parser = Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("times") => {
                let text = parser.value()?.string()?;
                options.times = text
                    .parse()
                    .ok()
                    .filter(|&times| times > 0)
                    .ok_or_else(|| {
                        Failure::usage(format!("--times takes a whole number from 1, not `{text}`"))
                    })?;
            }
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            other => match Selection::flag(&other) {
                Some(flag) => options.selection.take(flag, &mut parser)?,
                None => return Err(other.unexpected().into()),
            },
        }
    }
    Ok(Some(options))
}

/// How far unchanged code seemed to have changed, as shares, one for each comparison.
#[derive(Debug, Default)]
struct Spreads {
    performance: Vec<f64>,
    scalability: Vec<f64>,
}

fn measure(binaries: &[BenchBinary], options: &Options, home: &Home) -> Result<Spreads, Failure> {
    let mut spreads = Spreads::default();
    for time in 1..=options.times {
        for binary in binaries {
            if child::interrupted() {
                return Err(Failure::Interrupted);
            }
            let (target, times) = (&binary.target, options.times);
            tell(format_args!("`{target}` beside itself ({time} of {times})"));
            let setting = Setting {
                home,
                session: session(&format!("calibrate-{time}-{target}")),
                flags: &options.flags,
            };
            setting.measure(binary, &binary.path, "itself")?;
            let report = home.report().join("report.json");
            if report.exists() {
                spreads.take(&read(&report)?);
                let _ = fs::remove_file(report);
            }
        }
    }
    Ok(spreads)
}

fn read(report: &Path) -> Result<Report, Failure> {
    let unusable = |error: String| {
        let path = report.display();
        Failure::files(format!("could not read `{path}`: {error}"))
    };
    let bytes = fs::read(report).map_err(|error| unusable(error.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|error| unusable(error.to_string()))
}

impl Spreads {
    fn take(&mut self, report: &Report) {
        for change in report
            .benchmarks
            .iter()
            .filter_map(|each| each.change.as_ref())
        {
            self.performance
                .push((change.performance.estimate - 1.0).abs());
            if change.compares_scalability() {
                self.scalability
                    .push((change.scalability.estimate - 1.0).abs());
            }
        }
    }

    /// The 95th percentiles.
    fn noise(mut self) -> Result<Noise, Failure> {
        let comparisons = self.performance.len();
        if comparisons == 0 {
            return Err(Failure::usage(
                "nothing was measured: no benchmark takes part, or none could be compared",
            ));
        }
        if comparisons < ENOUGH {
            tell(format_args!(
                "{comparisons} comparisons are few; about {ENOUGH} and more (--times) say what is usual"
            ));
        }
        let percentile = |values: &mut Vec<f64>| {
            values.sort_unstable_by(f64::total_cmp);
            quantile(values, 0.95).unwrap_or(0.0)
        };
        Ok(Noise {
            performance: percentile(&mut self.performance),
            scalability: percentile(&mut self.scalability),
            comparisons: u32::try_from(comparisons).unwrap_or(u32::MAX),
        })
    }
}

fn words(noise: &Noise) -> String {
    let counts = |scope: Scope| {
        let thresholds = Thresholds::of(scope).at_least(noise.performance, noise.scalability);
        thresholds.words()
    };
    format!(
        "In {} comparisons of unchanged code, 95 of 100 stayed within\n  \
         performance  ±{:.2} %\n  scalability  ±{:.2} %\n\
         Beside another revision, {}.\nAgainst a saved run, {}.\n",
        noise.comparisons,
        100.0 * noise.performance,
        100.0 * noise.scalability,
        counts(Scope::Paired),
        counts(Scope::Saved)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_percentile_is_of_all_comparisons_and_raises_what_counts() {
        let spreads = Spreads {
            performance: (0..=100)
                .rev()
                .map(|share| f64::from(share) / 1000.0)
                .collect(),
            scalability: vec![0.001],
        };
        let noise = spreads.noise().expect("enough");
        assert!((noise.performance - 0.095).abs() < 1e-12);
        assert_eq!((noise.scalability, noise.comparisons), (0.001, 101));
        let words = words(&noise);
        let paired = "Beside another revision, changes count from 9.5 % of performance and 2 % of scalability on.";
        assert!(words.contains(paired), "{words}");
        assert!(matches!(Spreads::default().noise(), Err(Failure::Usage(_))));
    }
}
