//! Throughput doubles twice, for two different reasons.
//!
//! Run it with `cargo run --release --example two_stories`. A service takes 2 ms a call, one call at a time. Halve the
//! call, or let two calls in at once: at 8 callers both double the throughput, and throughput cannot tell them apart.

#[allow(unreachable_pub)] // The benches use it as a part of a larger module.
#[path = "../benches/support/service.rs"]
mod service;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use service::Service;

/// How long each measurement takes.
const TIME: Duration = Duration::from_millis(400);

/// Callers at the crowded end of the story.
const CALLERS: u32 = 8;

/// The two figures of one service, and the one that blends them.
struct Figures {
    latency_ms: f64,
    throughput: f64,
    efficiency: f64,
}

/// Calls per second of `callers` threads that call over and over.
fn throughput(service: &Service, callers: u32) -> f64 {
    let (calls, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..callers {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    service.call();
                    calls.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        std::thread::sleep(TIME);
        stop.store(true, Ordering::Relaxed);
    });
    calls.load(Ordering::Relaxed) as f64 / begin.elapsed().as_secs_f64()
}

fn figures(service_ms: u64, at_once: usize) -> Figures {
    let service = Service::new(Duration::from_millis(service_ms), at_once);
    let alone = throughput(&service, 1);
    let crowded = throughput(&service, CALLERS);
    Figures {
        latency_ms: 1e3 / alone,
        throughput: crowded,
        efficiency: crowded / (f64::from(CALLERS) * alone),
    }
}

fn main() {
    let before = figures(2, 1);
    println!(
        "{:<28}{:>14}{:>16}{:>14}",
        "", "a call alone", "at 8 callers", "efficiency"
    );
    for (name, after) in [
        ("before: 2 ms, one at a time", &before),
        ("faster: 1 ms, one at a time", &figures(1, 1)),
        ("wider:  2 ms, two at a time", &figures(2, 2)),
    ] {
        println!(
            "{name:<28}{:>11.2} ms{:>10.0} calls/s{:>12.1} %",
            after.latency_ms,
            after.throughput,
            100.0 * after.efficiency
        );
        println!(
            "{:<28}{:>14}{:>16}{:>14}",
            "",
            format!("x{:.2}", before.latency_ms / after.latency_ms),
            format!("x{:.2}", after.throughput / before.throughput),
            format!("x{:.2}", after.efficiency / before.efficiency)
        );
    }
    println!(
        "\nThroughput doubled both times. The first time it was performance, the second time scalability."
    );
}
