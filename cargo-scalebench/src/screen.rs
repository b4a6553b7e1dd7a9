//! What standard output can show.

use std::env::{var, var_os};
use std::io::IsTerminal;

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
