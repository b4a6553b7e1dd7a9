//! The command line of `import`.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};
use scalebench_model::data::Mode;

use super::pattern::Pattern;
use crate::exit::Failure;

/// Where the figures come from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Source {
    Criterion { folder: Option<PathBuf> },
    Jmh { file: PathBuf },
    GoogleBenchmark { file: PathBuf },
}

/// What one criterion iteration is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Iterations {
    /// Every thread makes all iterations: the time of one is the time of a call.
    Each,
    /// The threads share the iterations: the time of one is the time of a call divided by the threads.
    Shared,
}

/// What Google Benchmark's `real_time` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RealTime {
    /// The time of a call (1.9.0 and later).
    Call,
    /// The time of a call divided by the threads (before 1.9.0).
    Divided,
}

/// How to read it and what to do with it.
#[derive(Debug)]
pub(super) struct Options {
    pub(super) pattern: Pattern,
    pub(super) baseline: String,
    pub(super) iterations: Iterations,
    pub(super) real_time: Option<RealTime>,
    pub(super) mode: Mode,
    pub(super) json: bool,
    pub(super) html: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            pattern: Pattern::default(),
            baseline: "new".to_owned(),
            iterations: Iterations::Each,
            real_time: None,
            mode: Mode::Concurrent,
            json: false,
            html: None,
        }
    }
}

/// Reads the command line; `None` when help is asked for.
///
/// # Errors
/// When it makes no sense.
pub(super) fn parse(arguments: Vec<OsString>) -> Result<Option<(Source, Options)>, Failure> {
    let mut parser = Parser::from_args(arguments);
    let mut values: Vec<OsString> = Vec::new();
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Value(value) => values.push(value),
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long("json") => options.json = true,
            Arg::Long("html") => options.html = Some(parser.value()?.into()),
            Arg::Long("baseline") => options.baseline = baseline(parser.value()?.string()?)?,
            Arg::Long("pattern") => options.pattern = Pattern::parse(&parser.value()?.string()?)?,
            Arg::Long("iterations") => {
                let choices = [("each", Iterations::Each), ("shared", Iterations::Shared)];
                options.iterations = one_of("iterations", &parser.value()?.string()?, &choices)?;
            }
            Arg::Long("real-time") => {
                let choices = [("call", RealTime::Call), ("divided", RealTime::Divided)];
                let chosen = one_of("real-time", &parser.value()?.string()?, &choices)?;
                options.real_time = Some(chosen);
            }
            Arg::Long("mode") => {
                let choices = [
                    ("concurrent", Mode::Concurrent),
                    ("parallel", Mode::Parallel),
                ];
                options.mode = one_of("mode", &parser.value()?.string()?, &choices)?;
            }
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some((source(values)?, options)))
}

fn source(values: Vec<OsString>) -> Result<Source, Failure> {
    let mut values = values.into_iter();
    let kind = values.next().unwrap_or_default();
    let path = values.next().map(PathBuf::from);
    if values.next().is_some() {
        return Err(Failure::usage("name one file or folder to import"));
    }
    let file = |path: Option<PathBuf>| {
        path.ok_or_else(|| {
            let kind = kind.to_string_lossy();
            Failure::usage(format!(
                "say which file: `cargo scalebench import {kind} FILE.json`"
            ))
        })
    };
    match kind.to_str() {
        Some("criterion") => Ok(Source::Criterion { folder: path }),
        Some("jmh") => Ok(Source::Jmh { file: file(path)? }),
        Some("google-benchmark") => Ok(Source::GoogleBenchmark { file: file(path)? }),
        _ => Err(Failure::usage(format!(
            "`import` reads the results of criterion, jmh or google-benchmark, not of `{}`",
            kind.to_string_lossy()
        ))),
    }
}

/// A baseline is the name of a folder, and must not lead elsewhere.
fn baseline(name: String) -> Result<String, Failure> {
    let leads_elsewhere = name.is_empty() || name == ".." || name.contains(['/', '\\']);
    if leads_elsewhere {
        return Err(Failure::usage(format!(
            "`--baseline` takes a name, not `{name}`"
        )));
    }
    Ok(name)
}

fn one_of<T: Copy>(flag: &str, value: &str, choices: &[(&str, T)]) -> Result<T, Failure> {
    match choices.iter().find(|(choice, _)| *choice == value) {
        Some((_, meaning)) => Ok(*meaning),
        None => {
            let names: Vec<&str> = choices.iter().map(|(choice, _)| *choice).collect();
            let names = names.join(" or ");
            Err(Failure::usage(format!(
                "`--{flag}` takes {names}, not `{value}`"
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Option<(Source, Options)>, Failure> {
        parse(arguments.iter().map(OsString::from).collect())
    }

    #[test]
    fn sources_and_options() {
        let (source, options) = parsed(&["criterion", "--iterations", "shared", "--mode=parallel"])
            .expect("valid")
            .expect("no help");
        assert_eq!(source, Source::Criterion { folder: None });
        assert_eq!(
            (options.iterations, options.mode),
            (Iterations::Shared, Mode::Parallel)
        );
        let (source, _) = parsed(&["jmh", "x.json"]).expect("valid").expect("no help");
        assert_eq!(
            source,
            Source::Jmh {
                file: "x.json".into()
            }
        );
        assert!(parsed(&["jmh", "--help"]).expect("valid").is_none());
    }

    #[test]
    fn nonsense_is_refused_with_what_to_write() {
        for (arguments, part) in [
            (&[][..], "criterion, jmh or google-benchmark"),
            (&["divan"], "not of `divan`"),
            (&["jmh"], "import jmh FILE.json"),
            (&["jmh", "a", "b"], "one file"),
            (&["criterion", "--pattern", "threads"], "{threads}"),
            (&["criterion", "--baseline", "../x"], "takes a name"),
            (&["criterion", "--mode", "serial"], "concurrent or parallel"),
            (&["criterion", "--frobnicate"], "frobnicate"),
        ] {
            let error = parsed(arguments).expect_err("must be refused").to_string();
            assert!(error.contains(part), "{arguments:?}: {error}");
        }
    }
}
