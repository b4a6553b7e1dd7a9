//! Progress on standard error: what is being measured and how much time is left. Silent when that is no terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::coordinator::Event;
use crate::say::tell;

/// Draws only between windows: a drawing thread would take CPU time from what is being measured.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub(super) fn new(quiet: bool) -> Self {
        let target = if quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(4)
        };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) =
            ProgressStyle::with_template("{bar:20} {percent:>3} %  {eta} left  {wide_msg}")
        {
            bar.set_style(style);
        }
        Self { bar }
    }

    pub(super) fn show(&self, event: &Event<'_>) {
        match event {
            Event::Planned { windows } => self.bar.set_length(*windows),
            Event::Launch {
                id,
                launch,
                launches,
            } => {
                self.bar
                    .set_message(format!("launch {}/{launches}  {id}", launch + 1));
            }
            Event::Windows { count } => self.bar.inc(*count),
            Event::Failed { id, failure, old } => {
                let side = if *old { " (old side)" } else { "" };
                self.bar
                    .suspend(|| tell(format_args!("{id}{side}: {}", failure.message)));
            }
        }
    }

    /// Takes the line away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
