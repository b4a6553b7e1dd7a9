//! `inputs`: calls whose owned inputs cost 1 ms to make, beside loops by hand that make a batch and then call.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use comparisons::inputs::{self, FEW, MANY};

use crate::hand::{Waits, pin};
use crate::report::{Estimate, Report};
use crate::table::{middle, short};

const ALTERNATIONS: usize = 3;

/// Inputs made ahead. How many matters where they push each other out of the caches.
const BATCHES: [usize; 2] = [20, 100];

/// The figures must agree up to this share.
const SHARE: f64 = 0.05;

/// A loop by hand goes on for so long, making inputs included.
const TIME: Duration = Duration::from_millis(1500);

const NAMES: [&str; 3] = ["remove", "sort_few", "sort_many"];

/// ns a call by hand: of each case, at 1 and 2 threads, with batches of each size.
fn by_hand(name: &str, threads: usize, batch: usize) -> f64 {
    match name {
        "remove" => batches(threads, batch, inputs::map, inputs::remove),
        "sort_few" => batches(threads, batch, inputs::numbers::<FEW>, inputs::sort),
        _ => batches(threads, batch, inputs::numbers::<MANY>, inputs::sort),
    }
}

/// The median over batches. All threads make a batch, meet, and call.
fn batches<I, O>(
    threads: usize,
    batch: usize,
    make: impl Fn() -> I + Sync,
    call: impl Fn(I) -> O + Sync,
) -> f64 {
    let arrived = AtomicUsize::new(0);
    // As many for every thread, since they meet.
    let begin = Instant::now();
    black_box(call(make()));
    let rounds = (TIME.as_secs_f64() / begin.elapsed().as_secs_f64() / batch as f64).ceil();
    let rounds = (rounds as usize).max(3);
    let run = |place: usize| {
        pin(place);
        let waits = Waits::of_this_thread();
        let (mut inputs, mut outputs) = (Vec::new(), Vec::with_capacity(batch));
        let round = |round: usize| {
            inputs.extend((0..batch).map(|_| make()));
            arrived.fetch_add(1, Ordering::AcqRel);
            while arrived.load(Ordering::Acquire) < threads * (round + 1) {
                std::hint::spin_loop();
            }
            let (waited, begin) = (waits.read(), Instant::now());
            outputs.extend(inputs.drain(..).map(&call));
            let took = begin.elapsed().saturating_sub(waits.read() - waited);
            black_box(&outputs);
            outputs.clear();
            took.as_nanos() as f64 / batch as f64
        };
        (0..rounds).map(round).collect::<Vec<f64>>()
    };
    std::thread::scope(|scope| {
        let run = &run;
        let callers: Vec<_> = (0..threads)
            .map(|place| scope.spawn(move || run(place)))
            .collect();
        let times = callers
            .into_iter()
            .map(|caller| caller.join().expect("no panic"));
        middle(times.flatten().collect()).expect("batches")
    })
}

/// Shows the table.
pub fn show() {
    println!(
        "| call | threads | by hand, batches of {} | of {} | scalebench | half-width | ratio to the nearer | within {:.0} % |\n|{}",
        BATCHES[0],
        BATCHES[1],
        100.0 * SHARE,
        "---|".repeat(8)
    );
    for name in NAMES {
        let alternation = Alternation::of(name);
        for threads in [1, 2] {
            alternation.print(name, threads);
        }
    }
}

/// One case, by hand and under ScaleBench in alternation.
struct Alternation {
    /// For each thread count and each size of batches, one more than there are reports.
    by_hand: Vec<[[f64; 2]; 2]>,
    reports: Vec<Report>,
}

impl Alternation {
    fn of(name: &str) -> Self {
        let look = || [1, 2].map(|threads| BATCHES.map(|batch| by_hand(name, threads, batch)));
        let (mut looks, mut reports) = (vec![look()], Vec::new());
        for _ in 0..ALTERNATIONS {
            reports.push(Report::of("inputs", &[name], &[]));
            looks.push(look());
        }
        Self {
            by_hand: looks,
            reports,
        }
    }

    fn print(&self, name: &str, threads: u32) {
        let index = threads as usize - 1;
        let key = (name.to_owned(), threads);
        let measured: Vec<Option<Estimate>> = self
            .reports
            .iter()
            .map(|report| report.latencies().get(&key).copied())
            .collect();
        let neighbours = self.by_hand.windows(2);
        let ratios: Vec<f64> = measured
            .iter()
            .zip(neighbours)
            .filter_map(|(measured, pair)| {
                let estimate = measured.as_ref()?.estimate;
                Some(nearer(estimate, pair[0][index], pair[1][index]))
            })
            .collect();
        let ratio = middle(ratios);
        let hand = |batch: usize| {
            short(middle(
                self.by_hand.iter().map(|look| look[index][batch]).collect(),
            ))
        };
        let found = || measured.iter().flatten();
        println!(
            "| {name} | {threads} | {} | {} | {} | {} | {} | {} |",
            hand(0),
            hand(1),
            short(middle(found().map(|it| it.estimate).collect())),
            middle(found().map(Estimate::half_width).collect())
                .map_or("-".to_owned(), |share| format!("±{:.1} %", 100.0 * share)),
            ratio.map_or("-".to_owned(), |ratio| format!(
                "{:+.1} %",
                100.0 * (ratio - 1.0)
            )),
            if ratio.is_some_and(|ratio| (ratio - 1.0).abs() <= SHARE) {
                "yes"
            } else {
                "**no**"
            },
        );
    }
}

/// The ratio to the size of batches that is nearer, each the mean of the looks before and after.
fn nearer(estimate: f64, before: [f64; 2], after: [f64; 2]) -> f64 {
    let ratios = [0, 1].map(|batch| 2.0 * estimate / (before[batch] + after[batch]));
    if ratios[0].ln().abs() <= ratios[1].ln().abs() {
        ratios[0]
    } else {
        ratios[1]
    }
}
