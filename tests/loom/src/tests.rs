use loom::sync::Arc;
use loom::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use loom::thread;

use crate::control::{Control, Passage, WindowPlan};
use crate::log::Log;

/// What one caller saw, and what the others had done when it left.
#[derive(Debug)]
struct Seen {
    log: Log,
    /// When its last chunk ended.
    left: u64,
    /// How many callers had finished a chunk after the close, as far as this one could know.
    behind_the_close: usize,
}

/// Everything that the callers of one window share.
struct Window {
    control: Control,
    time: AtomicU64,
    /// Callers whose chunk has ended at or after the close; counted beside the protocol, to judge it.
    behind_the_close: AtomicUsize,
}

fn plan(threads: usize, limit_ns: u64) -> WindowPlan {
    WindowPlan {
        opens: None,
        threads,
        chunk_calls: 1,
        window_ns: 1,
        ramp_ns: 1,
        batch: None,
        limit_ns,
        begin_ns: 0,
    }
}

/// One caller, from its first chunk to its last; `most` chunks are enough in any order of events.
fn call(window: &Window, most: usize) -> Option<Seen> {
    let mut passage = Passage::default();
    let mut log = Log::default();
    let mut counted = false;
    window
        .control
        .arrive(window.time.fetch_add(1, Ordering::Relaxed));
    for _ in 0..most {
        let now = window.time.fetch_add(1, Ordering::Relaxed);
        let (open, closed) = passage.look(&window.control, now);
        if let Some(open) = open.filter(|_| closed) {
            if !counted {
                window.behind_the_close.fetch_add(1, Ordering::Relaxed);
                counted = true;
            }
            if passage.leave(&window.control, open, now, &mut log) {
                return Some(Seen {
                    log,
                    left: now,
                    behind_the_close: window.behind_the_close.load(Ordering::Relaxed),
                });
            }
        }
        thread::yield_now();
    }
    None
}

/// Checks what must hold in every order of events. Returns nothing to the model but the absence of a panic.
fn check(callers: usize, limit_ns: u64, preemptions: usize) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(preemptions);
    model.max_branches = 100_000;
    model.check(move || {
        let window = Arc::new(Window {
            control: Control::new(plan(callers, limit_ns), callers, 0),
            time: AtomicU64::new(0),
            behind_the_close: AtomicUsize::new(0),
        });
        let others: Vec<_> = (1..callers)
            .map(|_| {
                let window = Arc::clone(&window);
                thread::spawn(move || call(&window, MOST_CHUNKS))
            })
            .collect();
        let mut seen = vec![call(&window, MOST_CHUNKS)];
        seen.extend(
            others
                .into_iter()
                .map(|other| other.join().expect("no panic")),
        );
        let seen: Vec<Seen> = seen
            .into_iter()
            .map(|each| each.expect("every caller leaves"))
            .collect();
        for each in &seen {
            // One window for all.
            assert_eq!(each.log.open, seen[0].log.open);
            assert_eq!(each.log.close, each.log.open + 1);
            // Nobody leaves before the window is closed.
            assert!(each.left >= each.log.close);
            // Nobody leaves a caller behind that is still in the window, unless the bound has expired.
            assert!(each.behind_the_close == callers || each.left >= each.log.regime_end);
        }
    });
}

/// More than any caller needs: time moves on with every chunk, and the bound ends every wait.
const MOST_CHUNKS: usize = 30;

#[test]
fn two_callers_with_time_to_wait() {
    check(2, 8, 3);
}

#[test]
fn two_callers_whose_wait_is_cut_short() {
    check(2, 1, 3);
}

#[test]
fn three_callers_with_time_to_wait() {
    check(3, 8, 1);
}

#[test]
fn three_callers_whose_wait_is_cut_short() {
    check(3, 1, 1);
}

/// Callers that work in phases call every batch together, as often as each other, and nobody is left behind.
#[test]
fn phases_begin_and_end_for_all() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(|| {
        let control = Arc::new(Control::new(plan(2, 8), 2, 0));
        let time = Arc::new(AtomicU64::new(0));
        let phases = |control: &Control, time: &AtomicU64| {
            let mut phases = 0;
            let mut another = true;
            while another {
                let met = control.meet(0, time.fetch_add(1, Ordering::Relaxed));
                another = met.expect("nobody fails");
                phases += 1;
                assert!(phases <= 3, "the window has an end");
            }
            phases
        };
        let other = {
            let (control, time) = (Arc::clone(&control), Arc::clone(&time));
            thread::spawn(move || phases(&control, &time))
        };
        let own = phases(&control, &time);
        assert!(own > 0);
        assert_eq!(own, other.join().expect("no panic"));
    });
}

/// The model can fail: a caller that does not announce itself leaves the window closed until the bound expires.
#[test]
#[should_panic(expected = "the model finds it")]
fn a_broken_protocol_is_found() {
    loom::model(|| {
        let window = Arc::new(Window {
            control: Control::new(plan(2, 1_000_000), 2, 0),
            time: AtomicU64::new(0),
            behind_the_close: AtomicUsize::new(0),
        });
        assert!(call(&window, MOST_CHUNKS).is_some(), "the model finds it");
    });
}
