//! `cargo scalebench analyze`: scaling laws and efficiency for figures measured anywhere.

mod assemble;
#[cfg(test)]
mod fuzz;
mod header;
mod input;
mod options;
mod reader;
mod rows;

use std::ffi::OsString;
use std::io;
use std::path::Path;

use scalebench_model::data::Run;
use scalebench_model::report::Report;
use scalebench_model::{build, render};

use crate::exit::Failure;
use crate::filter;
use crate::screen::{self, say};

use options::{Options, Source};

/// Runs the command.
///
/// # Errors
/// When the arguments or the file make no sense, or something cannot be read or written.
pub(crate) fn run(arguments: Vec<OsString>) -> Result<(), Failure> {
    let Some(options) = Options::parse(arguments)? else {
        say(options::HELP);
        return Ok(());
    };
    let run = read(&options)?;
    let mut report = build::report(&[run], None);
    filter::keep(&mut report, &options.filters)?;
    if let Some(path) = &options.html {
        write_page(&report, path)?;
    }
    screen::show(&report, options.json);
    Ok(())
}

fn read(options: &Options) -> Result<Run, Failure> {
    let name = options.source.name();
    let bad = |error: input::InputError| match error {
        input::InputError::Bad(bad) => Failure::usage(format!("{name}: {bad}")),
        input::InputError::Read(error) => Failure::files(format!("could not read {name}: {error}")),
    };
    let table = match &options.source {
        Source::Standard => reader::read(io::stdin().lock(), &name, options.mode),
        Source::File(path) => {
            let file = scalebench_store::open_file(path).map_err(|error| {
                let help = match error.kind() {
                    // It is there and is no file: a pipe, perhaps.
                    io::ErrorKind::Other => "; `-` reads standard input",
                    _ => "",
                };
                Failure::files(format!("could not read {name}: {error}{help}"))
            })?;
            reader::read(file, &options.source.stem(), options.mode)
        }
    };
    Ok(assemble::run(table.map_err(bad)?, &name))
}

fn write_page(report: &Report, path: &Path) -> Result<(), Failure> {
    let page = render::html(report).map_err(|error| Failure::files(error.to_string()))?;
    scalebench_store::write_atomic(path, page.as_bytes())?;
    Ok(())
}
