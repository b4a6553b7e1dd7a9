//! What uneven calls take, by hand: whole periods, so that each holds one pause as it really is (a sleep ends late).

use std::sync::Barrier;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use comparisons::uneven::{Caller, Case, Pause};

use crate::hand::{Waits, pin};

/// How long about one look at the truth lasts, at one thread count.
const TIME: Duration = Duration::from_secs(1);

/// About how long a period lasts.
pub fn period(case: &Case) -> Duration {
    let steps = u64::from(case.steps) * case.period;
    let pause = match case.pause {
        Pause::Sleep(time) => time,
        Pause::Burn(steps) => Duration::from_nanos(u64::from(steps) * 5 / 4),
    };
    Duration::from_nanos(steps * 5 / 4) + pause
}

/// ns a call at `threads`, as bounds: the median and the mean over periods, less what threads waited for a CPU that others
/// had. Whatever else other processes do lengthens some periods and moves the mean; some sleeps end later than others by
/// themselves, which the median does not see.
pub fn by_hand(case: &Case, threads: u32, factor: u32) -> (f64, f64) {
    let callers = case.kind.callers(threads);
    let periods = (TIME.as_secs_f64() / period(case).as_secs_f64()).clamp(3.0, 200.0) as usize;
    let mut times = if case.kind.is_async() {
        in_tasks(*case, callers, periods, factor)
    } else {
        in_threads(case, callers, periods, factor)
    };
    times.sort();
    let a_call = |time: Duration| time.as_nanos() as f64 / case.period as f64;
    let median = a_call(times[times.len() / 2]);
    let mean = a_call(times.iter().sum::<Duration>() / times.len() as u32);
    (median.min(mean), median.max(mean))
}

/// The least that holds both.
pub fn hull(one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
    (one.0.min(other.0), one.1.max(other.1))
}

fn in_threads(case: &Case, callers: u32, periods: usize, factor: u32) -> Vec<Duration> {
    let (calls, start) = (AtomicU64::new(0), Barrier::new(callers as usize));
    let run = |place: u32| {
        pin(place as usize);
        let (waits, mut caller) = (Waits::of_this_thread(), Caller::with_factor(case, factor));
        start.wait();
        let time = |_| {
            let (begin, waited) = (Instant::now(), waits.read());
            for _ in 0..case.period {
                if case.kind.is_shared() {
                    case.call_shared(&calls, &mut caller);
                } else {
                    case.call(std::hint::black_box(&mut caller));
                }
            }
            begin.elapsed().saturating_sub(waits.read() - waited)
        };
        (0..periods).map(time).collect::<Vec<Duration>>()
    };
    std::thread::scope(|scope| {
        let run = &run;
        let threads: Vec<_> = (0..callers)
            .map(|place| scope.spawn(move || run(place)))
            .collect();
        let times = threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"));
        times.flatten().collect()
    })
}

fn in_tasks(case: Case, callers: u32, periods: usize, factor: u32) -> Vec<Duration> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .expect("a runtime");
    let calls = std::sync::Arc::new(AtomicU64::new(0));
    let run = |_| {
        let calls = calls.clone();
        runtime.spawn(async move {
            let (mut caller, mut times) = (Caller::with_factor(&case, factor), Vec::new());
            for _ in 0..periods {
                let (thread, waits) = (std::thread::current().id(), Waits::of_this_thread());
                let (begin, waited) = (Instant::now(), waits.read());
                for _ in 0..case.period {
                    if case.kind.is_shared() {
                        case.call_async_shared(&calls, &mut caller).await;
                    } else {
                        case.call_async(&mut caller).await;
                    }
                }
                let took = begin.elapsed();
                let waited = waits.read() - waited;
                // A task that went on elsewhere meanwhile slept, and did not wait for this thread.
                let stayed = thread == std::thread::current().id();
                times.push(took.saturating_sub(if stayed { waited } else { Duration::ZERO }));
            }
            times
        })
    };
    let tasks: Vec<_> = (0..callers).map(run).collect();
    let times = tasks
        .into_iter()
        .map(|task| runtime.block_on(task).expect("no panic"));
    times.flatten().collect()
}
