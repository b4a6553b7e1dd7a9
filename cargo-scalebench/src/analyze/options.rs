//! The arguments of `cargo scalebench analyze`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use lexopt::{Arg, Parser, ValueExt};
use scalebench_model::data::Mode;

use crate::exit::Failure;

pub(super) const HELP: &str = "\
Reports efficiency, scaling laws and their intervals for figures measured
anywhere.

Usage: cargo scalebench analyze FILE.csv [OPTIONS]

FILE.csv has a header that names its columns; `-` reads standard input:
  threads       thread count
  throughput    calls per second over all threads; or in its place
  latency_ns    time per call while so many threads call; or
  time_ns       time of one call that runs on so many threads
  benchmark     name (optional; the file's name where there is none)
  launch, round whole numbers (optional); intervals stand on launches from 3
                on, on repeated rows where there are fewer
Other columns are ignored. Columns may be parted by commas, semicolons or tabs.

Options
  --mode MODE   concurrent (default): N threads call over and over;
                parallel (default with time_ns): one call runs on N threads
  --filter NAME only benchmarks with NAME in their names; may be repeated
  --json        print the report as JSON (scalebench.report)
  --html OUT    write the page to OUT
  -h, --help    print this
";

/// Where the figures come from.
#[derive(Debug, PartialEq)]
pub(super) enum Source {
    Standard,
    File(PathBuf),
}

impl Source {
    /// As messages name it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Standard => "standard input".into(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// As a benchmark is named that has no name of its own.
    pub(super) fn stem(&self) -> String {
        match self {
            Self::File(path) => path
                .file_stem()
                .map_or_else(|| self.name(), |stem| stem.to_string_lossy().into_owned()),
            Self::Standard => self.name(),
        }
    }
}

/// What was asked for.
#[derive(Debug, PartialEq)]
pub(super) struct Options {
    pub(super) source: Source,
    pub(super) mode: Option<Mode>,
    pub(super) filters: Vec<String>,
    pub(super) json: bool,
    pub(super) html: Option<PathBuf>,
}

impl Options {
    /// `None` when help was asked for.
    pub(super) fn parse(arguments: Vec<OsString>) -> Result<Option<Self>, Failure> {
        let mut parser = Parser::from_args(arguments);
        let mut source = None;
        let (mut mode, mut json, mut html) = (None, false, None);
        let mut filters = Vec::new();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Value(value) if source.is_none() => source = Some(named(&value)),
                Arg::Long("mode") => mode = Some(parse_mode(&parser.value()?.string()?)?),
                Arg::Long("filter") => filters.push(parser.value()?.string()?),
                Arg::Long("json") => json = true,
                Arg::Long("html") => html = Some(PathBuf::from(parser.value()?)),
                Arg::Long("help") | Arg::Short('h') => return Ok(None),
                other => return Err(other.unexpected().into()),
            }
        }
        let source = source.ok_or_else(|| {
            Failure::usage("name a CSV file, or - for standard input; --help says more")
        })?;
        Ok(Some(Self {
            source,
            mode,
            filters,
            json,
            html,
        }))
    }
}

fn named(value: &OsString) -> Source {
    match value.to_str() {
        Some("-") => Source::Standard,
        _ => Source::File(Path::new(value).to_owned()),
    }
}

fn parse_mode(text: &str) -> Result<Mode, Failure> {
    match text {
        "concurrent" => Ok(Mode::Concurrent),
        "parallel" => Ok(Mode::Parallel),
        _ => Err(Failure::usage(format!(
            "--mode is concurrent or parallel, not `{text}`"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Option<Options>, Failure> {
        Options::parse(arguments.iter().map(OsString::from).collect())
    }

    #[test]
    fn arguments_come_in_any_order() {
        let options = parse(&[
            "--json",
            "a.csv",
            "--mode=parallel",
            "--filter",
            "get",
            "--html",
            "out.html",
        ]);
        assert_eq!(
            options.unwrap(),
            Some(Options {
                source: Source::File("a.csv".into()),
                mode: Some(Mode::Parallel),
                filters: vec!["get".into()],
                json: true,
                html: Some("out.html".into()),
            })
        );
        assert_eq!(parse(&["-"]).unwrap().unwrap().source, Source::Standard);
        assert_eq!(parse(&["a.csv", "--help"]).unwrap(), None);
    }

    #[test]
    fn senseless_arguments_are_refused() {
        for arguments in [
            &[][..],
            &["a.csv", "b.csv"],
            &["a.csv", "--mode", "load"],
            &["a.csv", "--html"],
            &["a.csv", "--yes"],
        ] {
            assert!(
                matches!(parse(arguments), Err(Failure::Usage(_))),
                "{arguments:?}"
            );
        }
    }

    #[test]
    fn a_file_lends_its_name_to_the_benchmark() {
        assert_eq!(Source::File("a/map insert.csv".into()).stem(), "map insert");
        assert_eq!(Source::Standard.stem(), "standard input");
    }
}
