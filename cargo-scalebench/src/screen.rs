//! What standard output can show.

use std::env::{var, var_os};
use std::fmt::Display;
use std::io::{IsTerminal, Write};

use scalebench_model::render::{self, TerminalStyle};
use scalebench_model::report::Report;
use scalebench_store::{print, without_commands};

/// Width where nothing says how wide the terminal is.
const DEFAULT_WIDTH: usize = 80;

/// The style for standard output.
pub(crate) fn style() -> TerminalStyle {
    let set = |name: &str| var_os(name).is_some_and(|value| !value.is_empty());
    let terminal = std::io::stdout().is_terminal();
    TerminalStyle {
        width: console::Term::stdout()
            .size_checked()
            .map_or(DEFAULT_WIDTH, |(_, columns)| usize::from(columns)),
        // https://no-color.org and the older CLICOLOR_FORCE.
        color: !set("NO_COLOR") && (terminal || set("CLICOLOR_FORCE")),
        unicode: unicode(),
    }
}

/// Unless the locale says plain ASCII, today's terminals and logs show UTF-8.
fn unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| var(name).ok().filter(|value| !value.is_empty()));
    !matches!(locale.as_deref(), Some("C" | "POSIX"))
}

/// Writes to standard output, where nothing of it is a command to GitHub's runner.
pub(crate) fn say(text: &str) {
    print(&without_commands(text));
}

/// The same for JSON, in whose strings it can be written otherwise and mean the same.
pub(crate) fn say_json(text: &str) {
    print(&text.replace("##[", "\\u0023#["));
}

/// Writes a report as JSON or as the table.
pub(crate) fn show(report: &Report, json: bool) {
    match json {
        true => say_json(&render::json(report)),
        false => say(&render::terminal(report, &style())),
    }
}

/// Writes a command to GitHub's runner, which reads standard output.
pub(crate) fn command(line: &str) {
    print(&format!("{line}\n"));
}

/// Writes a line to standard error. Whoever closes it early has read enough, which `eprintln!` would take for a reason to panic.
pub(crate) fn hint(text: impl Display) {
    let text = text.to_string();
    let _ = writeln!(std::io::stderr(), "{}", without_commands(&text));
}

/// The same, saying who speaks.
pub(crate) fn tell(text: impl Display) {
    hint(format_args!("cargo scalebench: {text}"));
}
