//! Async functions: who makes what, how often, and when it is dropped; on tokio and on another executor.

use std::future::{Future, ready};
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::executor::ThreadPool;
use scalebench::{Executor, Workers, scale_bench};
use tokio::task::yield_now;

use super::{Tallies, Tally, Token, trial};

static MADE: Tallies = Tallies::new();

#[scale_bench(tasks = [1, 2, 3], workers = 2)]
async fn everything(
    #[with(ready(MADE.shared.make()).await)] shared: &Token,
    #[with(ready(MADE.own.make()).await)] own: &mut Token,
    #[with(ready(MADE.inputs.make()).await)] input: Token,
) -> Token {
    assert!(std::ptr::eq(shared.0, &MADE.shared) && std::ptr::eq(own.0, &MADE.own));
    yield_now().await;
    MADE.call();
    drop(input);
    MADE.outputs.make()
}

#[test]
fn each_is_made_as_often_as_its_owner_asks_and_dropped_once() {
    trial("tasks::everything", 3).unwrap();
    MADE.settled_for(3);
}

static SHARED_BY_WORKERS: Tally = Tally::new();
static OWN_BY_WORKERS: Tally = Tally::new();

#[scale_bench(threads = [1, 2, 3])]
async fn on_workers(
    #[with(SHARED_BY_WORKERS.make())] _shared: &Token,
    #[with(OWN_BY_WORKERS.make())] _own: &mut Token,
) {
}

#[test]
fn every_number_of_workers_has_a_runtime_and_state_of_its_own() {
    trial("tasks::on_workers", 3).unwrap();
    assert_eq!(SHARED_BY_WORKERS.settled(), 3);
    assert_eq!(OWN_BY_WORKERS.settled(), 1 + 2 + 3);
}

static WRONG: AtomicUsize = AtomicUsize::new(0);
static CHECKED: AtomicUsize = AtomicUsize::new(0);

#[scale_bench(tasks = [1, 2], workers = 2)]
async fn chain(
    #[values(10)] base: u64,
    #[with(ready(base + 1).await)] step: &u64,
    #[with((ready(step + 1).await, 0))] own: &mut (u64, u64),
    #[with({ own.0 += 1; own.0 })] second: &mut u64,
    #[with({ yield_now().await; own.1 += 1; own.1 })] count: u64,
    #[with(vec![count, count + own.0])] mut list: Vec<u64>,
    #[with(list.len() + thread.count())] length: usize,
) {
    CHECKED.fetch_add(1, Ordering::Relaxed);
    list.push(base);
    let state = *step == base + 1 && own.0 == step + 2 && *second == own.0;
    let right = state && list == [count, count + own.0, base] && count <= own.1;
    let right = right && (3..=4).contains(&length);
    WRONG.fetch_add(usize::from(!right), Ordering::Relaxed);
}

#[test]
fn expressions_see_the_parameters_before_them() {
    trial("tasks::chain/base=10", 2).unwrap();
    assert!(CHECKED.load(Ordering::Relaxed) > 100);
    assert_eq!(WRONG.load(Ordering::Relaxed), 0);
}

static IN_FLIGHT: AtomicUsize = AtomicUsize::new(0);
static MOST_IN_FLIGHT: AtomicUsize = AtomicUsize::new(0);

#[scale_bench(tasks = [1, 5], workers = 1)]
async fn in_flight() {
    let now = IN_FLIGHT.fetch_add(1, Ordering::Relaxed) + 1;
    MOST_IN_FLIGHT.fetch_max(now, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(1)).await;
    IN_FLIGHT.fetch_sub(1, Ordering::Relaxed);
}

#[test]
fn as_many_tasks_are_in_flight_as_asked_for_on_fewer_workers() {
    trial("tasks::in_flight", 5).unwrap();
    assert_eq!(MOST_IN_FLIGHT.load(Ordering::Relaxed), 5);
}

/// Calls that never give their worker away must not keep it from the others.
#[scale_bench(tasks = [1, 4], workers = 1)]
async fn greedy(#[with(0)] own: &mut u64) {
    *own += 1;
}

#[test]
fn calls_that_never_wait_take_turns() {
    trial("tasks::greedy", 4).unwrap();
}

static SHARED_LEFT: Tally = Tally::new();
static OWN_LEFT: Tally = Tally::new();
static INPUTS_LEFT: Tally = Tally::new();
static CALLS_BEFORE: AtomicUsize = AtomicUsize::new(0);

#[scale_bench(tasks = [1, 2], workers = 2)]
async fn panics_in_a_call(
    #[with(SHARED_LEFT.make())] _shared: &Token,
    #[with(OWN_LEFT.make())] _own: &mut Token,
    #[with(INPUTS_LEFT.make())] _input: Token,
) -> Token {
    yield_now().await;
    assert!(
        CALLS_BEFORE.fetch_add(1, Ordering::Relaxed) < 100,
        "call 100 is too much"
    );
    INPUTS_LEFT.make()
}

#[test]
fn a_panic_in_a_call_leaves_nothing_behind() {
    let failure = trial("tasks::panics_in_a_call", 2).unwrap_err();
    assert!(failure.contains("call 100 is too much"), "{failure}");
    assert!(INPUTS_LEFT.settled() > 100);
    assert_eq!((SHARED_LEFT.settled(), OWN_LEFT.settled()), (1, 2));
}

#[scale_bench]
async fn fails_in_shared_state(#[with(ready("seven").await.parse()?)] _number: &u64) {}

#[scale_bench]
async fn fails_in_task_state(#[with(ready(Err("no room")).await?)] _room: &mut u64) {}

#[scale_bench]
async fn fails_in_input(#[with(u8::try_from(300)?)] _small: u8) {}

#[test]
fn an_error_at_a_question_mark_is_the_failure() {
    for (id, message) in [
        (
            "tasks::fails_in_shared_state",
            "`_number` could not be made: invalid digit found in string",
        ),
        (
            "tasks::fails_in_task_state",
            "`_room` could not be made: no room",
        ),
        (
            "tasks::fails_in_input",
            "`_small` could not be made: out of range integral type conversion attempted",
        ),
    ] {
        assert_eq!(trial(id, 2).unwrap_err(), message);
    }
}

static DROPPED_ON_RUNTIME: AtomicUsize = AtomicUsize::new(0);

struct NeedsRuntime;

impl Drop for NeedsRuntime {
    fn drop(&mut self) {
        let there = tokio::runtime::Handle::try_current().is_ok();
        DROPPED_ON_RUNTIME.fetch_add(usize::from(there), Ordering::Relaxed);
    }
}

#[scale_bench(tasks = [1, 2], workers = 1)]
async fn needs_runtime(
    #[with(NeedsRuntime)] _shared: &NeedsRuntime,
    #[with(NeedsRuntime)] _own: &mut NeedsRuntime,
) {
}

#[test]
fn state_is_dropped_on_the_runtime() {
    trial("tasks::needs_runtime", 2).unwrap();
    assert_eq!(DROPPED_ON_RUNTIME.load(Ordering::Relaxed), 3);
}

static ENTERED: Mutex<Vec<usize>> = Mutex::new(Vec::new());

/// A second executor, with which the benchmark below has no tokio at hand.
struct Pool(ThreadPool);

impl Executor for Pool {
    fn start(workers: Workers) -> io::Result<Self> {
        ENTERED.lock().unwrap().push(workers.count());
        let mut pool = ThreadPool::builder();
        pool.pool_size(workers.count());
        pool.after_start(move |_| workers.enter());
        pool.create().map(Self)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn_ok(task);
    }

    fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        futures::executor::block_on(future)
    }
}

static ON_POOL: Tally = Tally::new();
static WITHOUT_TOKIO: AtomicUsize = AtomicUsize::new(0);

#[scale_bench(runtime = Pool, threads = [1, 2])]
async fn on_another_executor(#[with(ON_POOL.make())] _own: &mut Token) {
    let there = tokio::runtime::Handle::try_current().is_ok();
    WITHOUT_TOKIO.fetch_add(usize::from(!there), Ordering::Relaxed);
}

#[test]
fn another_executor_does_as_well() {
    trial("tasks::on_another_executor", 2).unwrap();
    assert!(WITHOUT_TOKIO.load(Ordering::Relaxed) > 100);
    assert_eq!(ON_POOL.settled(), 3);
    assert_eq!(*ENTERED.lock().unwrap(), [1, 2]);
}
