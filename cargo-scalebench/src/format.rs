//! The forms in which a report can be had.

use std::path::Path;

use scalebench_model::render;
use scalebench_model::report::Report;
use scalebench_store::write_atomic;

use crate::exit::Failure;
use crate::screen::{say, say_json};

/// A form of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Html,
    Json,
    Markdown,
    Csv,
    Bmf,
    GithubActionBenchmark,
}

/// The forms by name.
const FORMATS: [(&str, Format); 6] = [
    ("html", Format::Html),
    ("json", Format::Json),
    ("markdown", Format::Markdown),
    ("csv", Format::Csv),
    ("bmf", Format::Bmf),
    ("github-action-benchmark", Format::GithubActionBenchmark),
];

impl Format {
    /// The form of that name.
    ///
    /// # Errors
    /// When there is none; the error lists them.
    pub(crate) fn parse(name: &str) -> Result<Self, Failure> {
        let found = FORMATS.iter().find(|(known, _)| *known == name);
        found.map(|(_, format)| *format).ok_or_else(|| {
            let names: Vec<&str> = FORMATS.iter().map(|(known, _)| *known).collect();
            Failure::usage(format!(
                "`--format` takes {}, not `{name}`",
                names.join(", ")
            ))
        })
    }

    /// Writes the report in this form to `output`, or to standard output.
    ///
    /// # Errors
    /// When a file cannot be written, or the form needs a folder and none is named.
    pub(crate) fn write(self, report: &Report, output: Option<&Path>) -> Result<(), Failure> {
        if self == Self::GithubActionBenchmark {
            return write_both(report, output);
        }
        let text = match self {
            Self::Html => {
                render::html(report).map_err(|error| Failure::files(error.to_string()))?
            }
            Self::Markdown => render::markdown(report),
            Self::Csv => render::csv(report),
            Self::Bmf => render::bmf(report),
            Self::Json | Self::GithubActionBenchmark => render::json(report),
        };
        match output {
            Some(path) => Ok(write_atomic(path, text.as_bytes())?),
            None => {
                match self {
                    Self::Json | Self::Bmf => say_json(&text),
                    _ => say(&text),
                }
                Ok(())
            }
        }
    }
}

/// github-action-benchmark wants what should shrink and what should grow in two files.
fn write_both(report: &Report, output: Option<&Path>) -> Result<(), Failure> {
    let Some(folder) = output else {
        return Err(Failure::usage(
            "`--format github-action-benchmark` writes two files: name their folder with `--output`",
        ));
    };
    let both = render::github_action_benchmark(report);
    write_atomic(
        &folder.join("latency.json"),
        both.smaller_is_better.as_bytes(),
    )?;
    write_atomic(
        &folder.join("efficiency.json"),
        both.bigger_is_better.as_bytes(),
    )?;
    Ok(())
}
