//! Progress on standard error: what is being measured and how much time is left. Silent when that is no terminal.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

use scalebench_model::excerpt::{SHORT_TEXT, excerpt};

use super::terminal::DEFAULT_WIDTH;
use crate::coordinator::{Event, asked_ns};
use crate::planner::BenchmarkPlan;
use crate::say::tell;
use crate::sys::columns;

/// The shortest time between two drawings.
const REDRAW: Duration = Duration::from_millis(250);

/// Characters of the bar.
const BAR: usize = 20;

/// Draws only between windows: a drawing thread would take CPU time from what is being measured.
#[derive(Debug)]
pub(super) struct Progress {
    drawn: bool,
    last: Option<Instant>,
    began: Instant,
    work: Work,
}

/// What is being done, and how much of it is.
#[derive(Debug, Default)]
struct Work {
    planned_ns: f64,
    done_ns: f64,
    message: String,
}

impl Progress {
    pub(super) fn new(quiet: bool) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        Self {
            drawn: !quiet && !dumb && stderr().is_terminal(),
            last: None,
            began: Instant::now(),
            work: Work::default(),
        }
    }

    pub(super) fn show(&mut self, event: &Event<'_>) {
        match event {
            Event::Work {
                done_ns,
                planned_ns,
            } => (self.work.done_ns, self.work.planned_ns) = (*done_ns, *planned_ns),
            Event::Launch {
                id,
                launch,
                launches,
            } => self.work.message = format!("launch {}/{launches}  {id}", launch + 1),
            Event::HostLost { what } => {
                self.finish();
                tell(format_args!("{what}. The run goes on without it"));
            }
            Event::Failed { id, failure, old } => {
                let side = if *old { " (old side)" } else { "" };
                self.finish();
                let message = excerpt(&failure.message, SHORT_TEXT);
                tell(format_args!("{id}{side}: {message}"));
            }
        }
        self.draw();
    }

    /// Takes the line away.
    pub(super) fn finish(&mut self) {
        if self.last.take().is_some() {
            let blank = " ".repeat(width());
            write(&format!("\r{blank}\r"));
        }
    }

    fn draw(&mut self) {
        let now = Instant::now();
        let due = self.last.is_none_or(|last| now - last >= REDRAW);
        if self.drawn && due {
            let width = width();
            let line = self.work.line(now - self.began, width);
            write(&format!("\r{line:width$}"));
            self.last = Some(now);
        }
    }
}

impl Work {
    /// One line of at most `width` characters, `elapsed` after the beginning.
    fn line(&self, elapsed: Duration, width: usize) -> String {
        let share = (self.done_ns / self.planned_ns.max(1.0)).clamp(0.0, 1.0);
        let full = (share * BAR as f64) as usize;
        let bar = format!("{}{}", "█".repeat(full), "░".repeat(BAR - full));
        let percent = (share * 100.0) as u32;
        // So far it took longer than planned by as much as it will: waits, warm-up and disturbed windows are everywhere.
        let left = match share > 0.0 {
            true => format!(
                "{} left",
                rough(elapsed.mul_f64((1.0 / share - 1.0).min(1e6)))
            ),
            false => String::new(),
        };
        let text = format!("{bar} {percent:>3} %  {left}  {}", self.message);
        let visible = |c: char| if c.is_control() { ' ' } else { c };
        text.chars().map(visible).take(width).collect()
    }
}

/// How long a rate that was asked for takes and why, where that is more than the time that a benchmark has otherwise. With `sides`
/// 2 another build is measured beside it.
pub(super) fn foresee(plan: &BenchmarkPlan, sides: u32) -> Option<String> {
    let load = plan.load.as_ref()?;
    let windows = plan.launches.saturating_mul(sides);
    let of_one = asked_ns(load)?;
    let [least, most] = of_one.map(|ns| f64::from(windows) * ns);
    let words = |ns: f64| rough(Duration::from_nanos(ns as u64));
    (least > load.max_time_ns).then(|| {
        format!(
            "{} takes {} to {} in all, and more where a call takes seconds: {windows} windows, one a launch, with arrivals before \
             each that do not count and, where calls queue, a wait after it. Fewer `--launches` or a shorter \
             `--load RATE,TIME` take less",
            plan.name(),
            words(least),
            words(most),
        )
    })
}

/// A time to wait, as people say it.
fn rough(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..100 => format!("{seconds} s"),
        seconds @ 100..6000 => format!("{} min", (seconds + 30) / 60),
        seconds => format!("{} h", (seconds + 1800) / 3600),
    }
}

/// How much of a terminal's line is used: writing into its last column would begin a new line on some.
fn width() -> usize {
    columns(&stderr()).unwrap_or(DEFAULT_WIDTH) - 1
}

fn write(text: &str) {
    // A closed standard error is no reason to stop measuring.
    let _ = stderr().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(done_ns: f64) -> Work {
        Work {
            planned_ns: 100.0,
            done_ns,
            message: "launch 1/5  maps::get".to_owned(),
        }
    }

    #[test]
    fn says_how_far_and_how_long() {
        let line = work(25.0).line(Duration::from_secs(10), 79);
        assert_eq!(
            line,
            "█████░░░░░░░░░░░░░░░  25 %  30 s left  launch 1/5  maps::get"
        );
        let line = work(0.0).line(Duration::ZERO, 79);
        assert!(line.contains("  0 %") && !line.contains("left"), "{line}");
    }

    #[test]
    fn more_than_planned_is_all() {
        let line = work(130.0).line(Duration::from_secs(10), 79);
        assert!(line.contains("100 %  0 s left"), "{line}");
    }

    #[test]
    fn stays_on_one_line() {
        let mut work = work(50.0);
        work.message = "a\nb".repeat(100);
        let line = work.line(Duration::from_secs(1), 40);
        assert_eq!(line.chars().count(), 40);
        assert!(!line.contains('\n'));
    }

    #[test]
    fn a_long_rate_is_foreseen_and_a_ladder_is_not() {
        use crate::options::{LoadOptions, Options};
        use crate::protocol::BenchmarkInfo;
        use scalebench_model::data::{Host, Mode};

        let said = |rate_per_s: Option<f64>, seconds: u64| {
            let load = LoadOptions {
                rate_per_s,
                time: Some(Duration::from_secs(seconds)),
                ..LoadOptions::default()
            };
            let options = Options {
                load,
                ..Options::default()
            };
            let info = BenchmarkInfo {
                mode: Mode::Load,
                ..BenchmarkInfo::plain("x")
            };
            let host = Host {
                cpus: 2,
                ..Host::default()
            };
            let plan = crate::planner::plan(&options, &host, vec![info], Vec::new());
            foresee(&plan.benchmarks[0], 1)
        };
        // 5 launches of 36 to 51 s.
        let long = said(Some(10.0), 30).expect("more than a minute");
        assert!(long.starts_with("x takes 3 min to 4 min"), "{long}");
        assert_eq!(said(Some(10.0), 5), None);
        // So many arrivals that a shorter window tells as much.
        assert_eq!(said(Some(1e6), 30), None);
        assert_eq!(said(None, 30), None);
    }

    #[test]
    fn times_are_rough() {
        let told = [0, 99, 100, 5999, 6000].map(|seconds| rough(Duration::from_secs(seconds)));
        assert_eq!(told, ["0 s", "99 s", "2 min", "100 min", "2 h"]);
    }
}
