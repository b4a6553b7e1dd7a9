//! The arguments of `cargo scalebench compare`.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};
use scalebench_model::gate::Limits;

use super::selection::Selection;
use crate::exit::Failure;

pub(super) const HELP: &str = "\
Says what changed: performance, scalability, or both.

Usage: cargo scalebench compare REV [REV] [OPTIONS] [-- FLAGS]
       cargo scalebench compare OLD NEW   (stored runs: two files or two
                                           names of baselines)

With revisions: builds both, and measures them window by window in turns, so
that whatever the machine does hits both alike. The second one is the working
tree as it is, unless named. The repository stays as it is; the older sources
lie in a git worktree that is removed afterwards.

Options
  --bench NAME        only this bench target (several: any of them)
  -p, --package NAME  only this package (several: any of them)
  --workspace, --features LIST, --all-features, --no-default-features,
  --profile NAME      as with `cargo bench`
  --gate performance=5%,scalability=5%   exit 1 when more than that is lost;
                      --gate-strict: also when the data cannot tell, or when
                      efficiency fell with a faster call that N threads share
                      only in part
  --revisions, --saved  what OLD and NEW are, where they could be both
  --allow-different-machine   compare stored runs of unlike machines
  --json              print the report as JSON (scalebench.report)
  --html OUT          write the page to OUT, too
  -h, --help          print this

FLAGS are those of `cargo bench`: filters, --ci, --quick, --threads 1,2,4 …
What --expect and the attributes expect is judged on the newer side.
Exit codes: 0 fine, 1 gate or expectation failed, 2 usage, 3 something does not build or a
benchmark failed, 4 could not read or write, 130 interrupted.
";

/// What the two names stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// To be found out.
    Unsaid,
    /// Revisions to build and measure.
    Revisions,
    /// Stored runs.
    Saved,
}

/// What to show, and where.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Output {
    pub(super) json: bool,
    pub(super) html: Option<PathBuf>,
}

/// What was asked for.
#[derive(Debug, PartialEq)]
pub(super) struct Options {
    pub(super) old: String,
    pub(super) new: Option<String>,
    pub(super) kind: Kind,
    pub(super) selection: Selection,
    /// Flags for the bench binaries.
    pub(super) flags: Vec<OsString>,
    pub(super) gate: Option<Limits>,
    /// Whether what the data cannot tell fails, too.
    pub(super) strict: bool,
    pub(super) unlike_machines: bool,
    pub(super) output: Output,
}

impl Options {
    /// `None` when help was asked for.
    pub(super) fn parse(mut arguments: Vec<OsString>) -> Result<Option<Self>, Failure> {
        let mut flags = Vec::new();
        if let Some(end) = arguments.iter().position(|argument| argument == "--") {
            flags = arguments.split_off(end);
            flags.remove(0);
        }
        let mut parser = Parser::from_args(arguments);
        let mut names = Vec::new();
        let mut options = Self {
            old: String::new(),
            new: None,
            kind: Kind::Unsaid,
            selection: Selection::default(),
            flags: Vec::new(),
            gate: None,
            strict: variable("SCALEBENCH_GATE_STRICT").is_some_and(|value| value != "0"),
            unlike_machines: false,
            output: Output::default(),
        };
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Value(name) if names.len() < 2 => names.push(name.string()?),
                Arg::Long("saved") => options.kind = Kind::Saved,
                Arg::Long("revisions") => options.kind = Kind::Revisions,
                Arg::Long("gate") => options.gate = Some(limits(&parser.value()?)?),
                Arg::Long("gate-strict") => options.strict = true,
                Arg::Long("allow-different-machine") => options.unlike_machines = true,
                Arg::Long("json") => options.output.json = true,
                Arg::Long("html") => options.output.html = Some(parser.value()?.into()),
                Arg::Long("help") | Arg::Short('h') => return Ok(None),
                other => match Selection::flag(&other) {
                    Some(flag) => options.selection.take(flag, &mut parser)?,
                    None => return Err(other.unexpected().into()),
                },
            }
        }
        options.take_flags(flags)?;
        if options.gate.is_none() {
            options.gate = variable("SCALEBENCH_GATE")
                .map(|text| limits(&text))
                .transpose()?;
        }
        let mut names = names.into_iter();
        options.old = names.next().ok_or_else(|| {
            Failure::usage("say what to compare with: a revision such as `main`; --help says more")
        })?;
        options.new = names.next();
        Ok(Some(options))
    }

    /// Flags for the bench binaries, except what is settled over all of them together or makes no sense here.
    fn take_flags(&mut self, flags: Vec<OsString>) -> Result<(), Failure> {
        let mut flags = flags.into_iter();
        while let Some(flag) = flags.next() {
            let text = flag.to_string_lossy();
            let (name, value) = match text.split_once('=') {
                Some((name, value)) => (name, Some(OsString::from(value))),
                None => (text.as_ref(), None),
            };
            match name {
                "--gate" => {
                    let value = value.or_else(|| flags.next()).unwrap_or_default();
                    self.gate = Some(limits(&value)?);
                }
                "--gate-strict" => self.strict = true,
                name if SENSELESS.contains(&name) => {
                    return Err(Failure::usage(format!(
                        "`{name}` does not go with comparing revisions; --help says what does"
                    )));
                }
                _ => self.flags.push(flag),
            }
        }
        Ok(())
    }
}

/// Flags of bench binaries that measure nothing, or set an old side of their own.
const SENSELESS: [&str; 13] = [
    "--list",
    "--test",
    "--help",
    "-h",
    "--profile-time",
    "--baseline",
    "--baseline-lenient",
    "--load-baseline",
    "--discard-baseline",
    "--against",
    "--against-name",
    "--in-process",
    "--format",
];

fn limits(text: &OsStr) -> Result<Limits, Failure> {
    Limits::parse(&text.to_string_lossy()).map_err(|error| Failure::usage(error.to_string()))
}

fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Option<Options>, Failure> {
        Options::parse(arguments.iter().map(OsString::from).collect())
    }

    #[test]
    fn names_options_and_flags_are_told_apart() {
        let options = parse(&[
            "main", "--bench", "maps", "-p", "alpha", "--json", "--", "get", "--ci",
        ]);
        let options = options.unwrap().unwrap();
        assert_eq!((options.old.as_str(), options.new), ("main", None));
        assert_eq!(options.flags, ["get", "--ci"]);
        assert!(options.output.json);
    }

    #[test]
    fn the_gate_is_taken_from_either_side() {
        for arguments in [
            &["main", "--gate", "performance=5%", "--gate-strict"][..],
            &["main", "--", "--gate", "performance=5%", "--gate-strict"],
            &["main", "--", "--gate=performance=5%", "--gate-strict"],
        ] {
            let options = parse(arguments).unwrap().unwrap();
            let gate = options.gate.unwrap();
            assert_eq!((gate.performance, options.strict), (Some(0.05), true));
            assert_eq!(options.flags, Vec::<OsString>::new());
        }
    }

    #[test]
    fn senseless_arguments_are_refused() {
        for arguments in [
            &[][..],
            &["a", "b", "c"],
            &["a", "--yes"],
            &["a", "--gate", "speed=5%"],
            &["a", "--", "--gate"],
            &["a", "--", "--list"],
            &["a", "--", "--baseline", "main"],
            &["a", "--", "--baseline=main"],
            &["a", "--bench"],
        ] {
            let refused = matches!(parse(arguments), Err(Failure::Usage(_)));
            assert!(refused, "{arguments:?}");
        }
        assert_eq!(parse(&["a", "--help"]).unwrap(), None);
    }
}
