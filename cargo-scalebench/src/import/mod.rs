//! `cargo scalebench import`: the same two figures from what other tools measured.
//!
//! Each reader turns one tool's files into [`record::Found`]; what follows is the way of every run: record, report,
//! table and page.

mod criterion;
mod google;
mod jmh;
mod options;
mod pattern;
mod record;
mod show;

use std::ffi::OsString;

use crate::exit::Failure;
use crate::screen::{say, tell};
use options::Source;

const HELP: &str = "\
Makes the report from thread sweeps that another tool measured.

Usage: cargo scalebench import criterion [DIR] [OPTIONS]
       cargo scalebench import jmh FILE.json [OPTIONS]
       cargo scalebench import google-benchmark FILE.json [OPTIONS]

criterion         benchmarks whose ids hold a thread count, as insert/threads/4;
                  DIR is target/criterion if not given
  --pattern TEXT  how ids look: {threads} is the count, {name} any text
                  (default {name}/threads/{threads})
  --baseline NAME the results saved under NAME (default: the latest)
  --iterations each|shared
                  each: every thread makes all iterations (default)
                  shared: the threads share the iterations among them
jmh               results of `-rf json`; modes thrpt, avgt, sample and ss
google-benchmark  results of `--benchmark_format=json`
  --real-time call|divided
                  whether real_time is the time of a call (since 1.9.0) or
                  that divided by the threads (before); needed only where the
                  file does not say which version wrote it

  --mode concurrent|parallel
                  concurrent: N threads make calls (default)
                  parallel: one call uses N threads
  --json          print the report as JSON
  --html FILE     write the page there; without it, it goes to the project's
                  target/scalebench/report, as after `cargo bench`
";

/// Runs the command.
///
/// # Errors
/// When the files cannot be read or are not what they should be, or the report cannot be written.
pub(crate) fn run(arguments: Vec<OsString>) -> Result<(), Failure> {
    let Some((source, options)) = options::parse(arguments)? else {
        say(HELP);
        return Ok(());
    };
    let found = match source {
        Source::Criterion { folder } => criterion::read(folder, &options)?,
        Source::Jmh { file } => jmh::read(&file)?,
        Source::GoogleBenchmark { file } => google::read(&file, options.real_time)?,
    };
    for problem in &found.problems {
        tell(problem);
    }
    show::show(&found.into_run(options.mode), &options)
}
