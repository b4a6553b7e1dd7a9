//! Services of known answer under load. A call reserves its time at the server that is free first and waits until that is
//! over; a late wake-up delays nobody else. So the queue is the one of the textbook, whatever timers do.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use scalebench::scale_bench;

/// The mean time of a service.
const SERVICE: Duration = Duration::from_millis(2);

/// How long a service takes.
#[derive(Debug, Clone, Copy)]
enum Spread {
    Constant,
    Exponential,
}

struct Server {
    /// When each server is free, and the state of the generator.
    state: Mutex<(Vec<Instant>, u64)>,
    spread: Spread,
}

impl Server {
    fn new(servers: usize, spread: Spread) -> Self {
        let seed = 0x9e37_79b9_7f4a_7c15;
        Self {
            state: Mutex::new((vec![Instant::now(); servers], seed)),
            spread,
        }
    }

    /// When a call that comes now has been served.
    fn reserve(&self) -> Instant {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (free, random) = &mut *state;
        let time = match self.spread {
            Spread::Constant => SERVICE,
            Spread::Exponential => SERVICE.mul_f64(-(1.0 - uniform(random)).ln()),
        };
        let first = free.iter_mut().min().expect("at least one server");
        *first = (*first).max(Instant::now()) + time;
        *first
    }

    fn serve(&self) {
        let end = self.reserve();
        sleep(end.saturating_duration_since(Instant::now()));
    }
}

/// From 0 to before 1; SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// One server, exponential service: mean response 1/(mu - lambda).
#[scale_bench(load, ignore)]
fn mm1(#[with(Server::new(1, Spread::Exponential))] server: &Server) {
    server.serve();
}

/// One server, constant service: mean response S (1 + rho / (2 (1 - rho))).
#[scale_bench(load, ignore)]
fn md1(#[with(Server::new(1, Spread::Constant))] server: &Server) {
    server.serve();
}

/// Two servers, exponential service.
#[scale_bench(load, ignore)]
fn mm2(#[with(Server::new(2, Spread::Exponential))] server: &Server) {
    server.serve();
}

/// The same as `md1`, as tasks.
#[scale_bench(load, ignore, tasks = [32], workers = 1)]
async fn md1_tasks(
    #[with(Server::new(1, Spread::Constant))] server: &Server,
) -> Result<(), String> {
    tokio::time::sleep_until(server.reserve().into()).await;
    Ok(())
}

/// The time between two stalls, and how long one takes.
const STALL_EVERY: Duration = Duration::from_secs(10);
const STALL: Duration = Duration::from_millis(200);

/// One server that stands still for 200 ms once in 10 s, and else serves in 200 us.
struct Stalling(Mutex<Instant>);

impl Stalling {
    fn new() -> Self {
        // The first one comes after warm-up.
        Self(Mutex::new(Instant::now() + Duration::from_secs(3)))
    }

    fn serve(&self) {
        let mut next = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let mut time = Duration::from_micros(200);
        if now >= *next {
            time += STALL;
            *next = now + STALL_EVERY;
        }
        sleep(time);
    }
}

#[scale_bench(ignore, threads = [1])]
fn stall(#[with(Stalling::new())] server: &Stalling) {
    server.serve();
}

/// Next to nothing, for the schedule itself.
#[scale_bench(load, ignore, threads = [2])]
fn instant(#[with(AtomicU64::new(0))] counter: &AtomicU64) -> u64 {
    counter.fetch_add(1, Ordering::Relaxed)
}

/// Every call takes longer to prepare than to make: the generator is what limits it.
#[scale_bench(load, ignore, threads = [1])]
fn dear_input(#[with(sleep(Duration::from_millis(3)))] _input: ()) {
    sleep(Duration::from_millis(1));
}

/// A service that is not up.
#[scale_bench(load, ignore)]
fn not_up() -> Result<(), std::io::Error> {
    Err(std::io::Error::from(std::io::ErrorKind::ConnectionRefused))
}

/// Type aliases and types that merely look like results: the type decides.
type Outcome<T> = Result<T, u8>;

/// Every third call fails, with an error that borrows.
#[scale_bench(load, ignore, threads = [2])]
fn a_third_fails(#[with(AtomicU64::new(0))] calls: &AtomicU64) -> Result<&AtomicU64, &'static str> {
    sleep(Duration::from_millis(1));
    if calls.fetch_add(1, Ordering::Relaxed) % 3 == 2 {
        return Err("the planted third");
    }
    Ok(calls)
}

/// The same under an alias, as a benchmark that is under load only when asked for.
#[scale_bench(ignore, threads = [1, 2])]
fn half_fails(#[with(AtomicU64::new(0))] calls: &AtomicU64) -> Outcome<u64> {
    sleep(Duration::from_millis(1));
    match calls.fetch_add(1, Ordering::Relaxed) {
        odd if odd % 2 == 1 => Err(7),
        even => Ok(even),
    }
}

/// A call in ten takes 60 ms.
#[scale_bench(load, ignore, threads = [4])]
fn slow_tenth(#[with(AtomicU64::new(0))] calls: &AtomicU64) {
    let slow = calls.fetch_add(1, Ordering::Relaxed) % 10 == 9;
    sleep(Duration::from_millis(if slow { 60 } else { 1 }));
}

#[scale_bench(load, ignore, threads = [2])]
fn panics_under_load(#[with(AtomicU64::new(0))] calls: &AtomicU64) {
    sleep(Duration::from_millis(1));
    // Beyond what the closed loop makes at once.
    assert!(
        calls.fetch_add(1, Ordering::Relaxed) < 200,
        "the planted panic under load"
    );
}

/// Returns once a second has passed, and then never.
#[scale_bench(load, ignore, threads = [2])]
fn never_returns(#[with(Instant::now())] begin: &Instant) {
    sleep(Duration::from_millis(1));
    while begin.elapsed() > Duration::from_secs(1) {
        sleep(Duration::from_secs(1));
    }
}
