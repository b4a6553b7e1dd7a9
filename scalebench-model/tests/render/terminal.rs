//! The table on the terminal.

use scalebench_model::render::{TerminalStyle, terminal};
use unicode_width::UnicodeWidthStr;

use crate::fixture;

const PLAIN: TerminalStyle = TerminalStyle {
    width: 80,
    color: false,
    unicode: true,
};

#[test]
fn show() {
    println!("{}", terminal(&fixture::everything(), &PLAIN));
    println!("{}", terminal(&fixture::report(fixture::hostile()), &PLAIN));
    println!(
        "{}",
        terminal(
            &fixture::everything(),
            &TerminalStyle {
                unicode: false,
                width: 60,
                color: false
            }
        )
    );
    println!(
        "{}",
        terminal(
            &fixture::report(fixture::story()),
            &TerminalStyle {
                unicode: true,
                width: 120,
                color: false
            }
        )
    );
    assert!(UnicodeWidthStr::width("a") == 1);
}
