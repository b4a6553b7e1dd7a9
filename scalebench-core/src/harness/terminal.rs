//! What the terminal can show.

use std::env::var_os;
use std::io::IsTerminal;

use scalebench_model::render::TerminalStyle;

use crate::options::Color;
use crate::sys::columns;

/// Width where there is no terminal, or one that does not say.
pub(super) const DEFAULT_WIDTH: usize = 80;

/// The style for standard output.
pub(super) fn style(color: Color) -> TerminalStyle {
    let terminal = std::io::stdout().is_terminal();
    let set = |name: &str| var_os(name).is_some_and(|value| !value.is_empty());
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        // https://no-color.org and the older CLICOLOR_FORCE.
        Color::Auto => !set("NO_COLOR") && (terminal || set("CLICOLOR_FORCE")),
    };
    TerminalStyle {
        width: columns(&std::io::stdout()).unwrap_or(DEFAULT_WIDTH),
        color,
        unicode: unicode(),
    }
}

/// Unless the locale says plain ASCII, today's terminals and logs show UTF-8.
fn unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    !matches!(locale.as_deref(), Some("C" | "POSIX"))
}
