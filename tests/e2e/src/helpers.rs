//! Calls that use threads of their own. These inherit the CPUs of the thread that starts them, so that none must be pinned.

use std::hint::black_box;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use scalebench::scale_bench;

/// The CPUs that a thread may run on, as the system writes them; empty where it does not say.
fn allowed(thread: &str) -> String {
    let status = std::fs::read_to_string(format!("/proc/{thread}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    line.unwrap_or_default().trim().to_owned()
}

/// The first thread of a process is never pinned.
fn may_run_anywhere() {
    assert_eq!(allowed("thread-self"), allowed("self"), "pinned");
}

fn work(time: Duration) {
    let begin = Instant::now();
    while begin.elapsed() < time {
        black_box(0);
    }
}

/// A thread for every call.
#[scale_bench(threads = [1, 2])]
fn of_each_call() {
    std::thread::scope(|scope| {
        scope.spawn(|| {
            work(Duration::from_millis(1));
            may_run_anywhere();
        });
    });
}

/// Those of a pool that the first call makes.
#[scale_bench(threads = [1, 2])]
fn of_a_pool() -> usize {
    let works = |_| {
        work(Duration::from_micros(100));
        may_run_anywhere();
    };
    (0..20).into_par_iter().map(works).count()
}

/// Those of a pool that each thread makes for every window.
#[scale_bench(threads = [1, 2])]
fn of_a_window(#[fresh(pool())] pool: &mut rayon::ThreadPool) {
    pool.install(|| {
        work(Duration::from_millis(1));
        may_run_anywhere();
    });
}

fn pool() -> rayon::ThreadPool {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(1);
    builder.build().expect("a pool of one thread")
}

/// One that stays, and works for the caller, which can be pinned beside it.
#[scale_bench(threads = [1])]
fn of_a_service(
    #[with(Service::start())] service: &mut Service,
    #[with(Alone::default())] alone: &mut Alone,
) {
    service.ask.send(()).expect("it stays");
    service.answer.recv().expect("it stays");
    alone.note();
}

struct Service {
    ask: Sender<()>,
    answer: Receiver<()>,
}

impl Service {
    fn start() -> Self {
        let (ask, asked) = channel();
        let (tell, answer) = channel();
        std::thread::spawn(move || {
            for () in asked {
                work(Duration::from_micros(100));
                may_run_anywhere();
                tell.send(()).expect("the caller waits");
            }
        });
        Self { ask, answer }
    }
}

/// Inside a pool.
#[scale_bench(parallel, threads = [1, 2])]
fn of_a_parallel_call() {
    of_each_call();
}

/// None: a caller is pinned as soon as that is known, which takes no more than a window.
#[scale_bench(threads = [1])]
fn of_nobody(#[with(Alone::default())] alone: &mut Alone) {
    alone.call();
}

/// None: the same of a worker.
#[scale_bench(tasks = [1], workers = 1)]
async fn of_no_task(#[with(Alone::default())] alone: &mut Alone) {
    alone.call();
}

#[derive(Default)]
struct Alone {
    calls: u32,
    pinned: bool,
}

impl Alone {
    fn call(&mut self) {
        work(Duration::from_micros(100));
        self.note();
    }

    /// After a call of at least 100 µs.
    fn note(&mut self) {
        self.calls += 1;
        self.pinned |= allowed("thread-self") != allowed("self");
        // Ten windows of 10 ms.
        let one_cpu = !allowed("self").contains([',', '-']);
        assert!(
            self.calls < 1000 || self.pinned || one_cpu,
            "not pinned in {} calls",
            self.calls
        );
    }
}

/// A thread for every call of a task.
#[scale_bench(tasks = [1, 2], workers = 2)]
async fn of_a_task() {
    of_each_call();
}
