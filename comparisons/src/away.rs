//! What a thread loses by being away, with no other process at all: the walk through 32 MiB, without a break and after times
//! in which the same thread does nothing but arithmetic in registers. What it finds slower then is not the busy processes'
//! doing but the cache's, which others on the machine fill meanwhile.

use std::hint::black_box;
use std::time::{Duration, Instant};

use comparisons::{Walk, spin};

const ROUNDS: usize = 5;
/// As long as four others keep a CPU, in turns of 3 ms.
const AWAY: Duration = Duration::from_millis(12);
const BACK: Duration = Duration::from_millis(3);
const BINS: usize = 6;

/// ns a call (32 steps): without a break, then by half-millisecond since coming back.
pub fn show() {
    println!(
        "| without a break | 0 to 0.5 ms after being away | 0.5 to 1 | 1 to 1.5 | 1.5 to 2 | 2 to 2.5 | 2.5 to 3 |"
    );
    println!("|{}", "---|".repeat(1 + BINS));
    let mut walk = Walk::new(0);
    without_a_break(&mut walk);
    for _ in 0..ROUNDS {
        let steady = without_a_break(&mut walk);
        let after = after_being_away(&mut walk);
        let cells: Vec<String> = after
            .iter()
            .map(|ns| format!("{:+.1} %", 100.0 * (ns / steady - 1.0)))
            .collect();
        println!("| {:.3} µs | {} |", steady / 1e3, cells.join(" | "));
    }
}

fn without_a_break(walk: &mut Walk) -> f64 {
    let (begin, mut calls) = (Instant::now(), 0);
    while begin.elapsed() < Duration::from_secs(1) {
        for _ in 0..10 {
            black_box(walk.steps());
        }
        calls += 10;
    }
    begin.elapsed().as_nanos() as f64 / f64::from(calls)
}

fn after_being_away(walk: &mut Walk) -> [f64; BINS] {
    let (mut times, mut calls) = ([0.0; BINS], [0.0; BINS]);
    for _ in 0..100 {
        let mut state = 1;
        let left = Instant::now();
        while left.elapsed() < AWAY {
            black_box(spin(&mut state, 1000));
        }
        let back = Instant::now();
        loop {
            let begin = back.elapsed();
            if begin >= BACK {
                break;
            }
            for _ in 0..10 {
                black_box(walk.steps());
            }
            let bin = (begin.as_nanos() * BINS as u128 / BACK.as_nanos()) as usize;
            times[bin] += (back.elapsed() - begin).as_nanos() as f64;
            calls[bin] += 10.0;
        }
    }
    std::array::from_fn(|bin| times[bin] / calls[bin])
}
