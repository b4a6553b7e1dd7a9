//! `cargo scalebench export-schema`: the JSON Schemas of what scalebench writes.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser};
use scalebench_store::write_atomic;

use crate::exit::Failure;
use crate::screen::say;

const HELP: &str = "\
Writes the JSON Schemas of run records and reports.

Usage: cargo scalebench export-schema [FOLDER]

Without FOLDER: the current one.
";

/// Runs the command.
///
/// # Errors
/// When a schema cannot be written.
pub(crate) fn run(arguments: Vec<OsString>) -> Result<(), Failure> {
    let mut parser = Parser::from_args(arguments);
    let mut folder = PathBuf::from(".");
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Value(value) => folder = value.into(),
            Arg::Long("help") | Arg::Short('h') => {
                say(HELP);
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    for (name, text) in scalebench_model::schema::all() {
        let path = folder.join(name);
        write_atomic(&path, text.as_bytes())?;
        say(&format!("{}\n", path.display()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    /// After a change of the contracts: `cargo run -p cargo-scalebench -- export-schema schemas`, and read the difference.
    #[test]
    fn committed_schemas_are_those_of_the_code() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
        for (name, text) in scalebench_model::schema::all() {
            let committed = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
            assert!(committed == text, "schemas/{name} is not up to date");
        }
    }
}
