//! Words to the user. Whoever closes a stream early has read enough: `println!` and `eprintln!` would panic then.

use std::fmt::Display;
use std::io::Write;

use scalebench_model::render::acts_on_screen;
use scalebench_store::{print, without_commands};

/// To standard output, where nothing of it is a command to GitHub's runner.
pub(crate) fn say(text: &str) {
    print(&without_commands(text));
}

/// A command to GitHub's runner, which reads standard output.
pub(crate) fn command(line: &str) {
    print(&format!("{line}\n"));
}

/// A line to standard error, which says who speaks. What would act on the screen is written out.
pub(crate) fn tell(text: impl Display) {
    write_line(&text);
}

/// By itself, so that it is compiled once and not for each type of text.
fn write_line(text: &dyn Display) {
    let text = harmless(text);
    let text = without_commands(&text);
    let _ = writeln!(std::io::stderr(), "scalebench: {text}");
}

fn harmless(text: &dyn Display) -> String {
    let mut shown = String::new();
    for letter in text.to_string().chars() {
        if acts_on_screen(letter) && !matches!(letter, '\n' | '\t') {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_acts_on_the_screen() {
        let shown = harmless(&"a\u{1b}[2J\nb\tc \u{202e}d \u{e4}");
        assert_eq!(shown, "a\\u{1b}[2J\nb\tc \\u{202e}d \u{e4}");
    }
}
