//! What standard output can show.

use std::env::{var, var_os};
use std::fmt::Display;
use std::io::{IsTerminal, Write};

use scalebench_model::render::TerminalStyle;

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

/// Writes to standard output. Whoever closes it early has read enough, which `print!` would take for a reason to panic.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes a line to standard error, as patiently.
pub(crate) fn hint(text: impl Display) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// The same, saying who speaks.
pub(crate) fn tell(text: impl Display) {
    hint(format_args!("cargo scalebench: {text}"));
}
