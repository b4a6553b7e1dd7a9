//! Load mode: what counts as an error, and who makes what, how often, and when it is dropped.

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use scalebench::__private::{
    ErrorDebugged as _, ErrorShown as _, ErrorUnknown as _, NoError as _, Returned, trial_load,
};
use scalebench::scale_bench;

use super::{Tally, Token, trial};

/// An error that can be shown.
struct Shown;

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("as shown")
    }
}

/// An error that can only be debugged.
#[derive(Debug)]
struct Debugged;

/// An error without any text.
struct Silent;

/// Not the one of the standard library.
enum Result<T> {
    Err(T),
}

#[test]
fn the_type_decides_what_is_an_error_and_not_its_name() {
    type Alias<T> = std::result::Result<T, Shown>;
    macro_rules! text {
        ($value:expr, $ty:ty) => {{
            let value: $ty = $value;
            (&&&&Returned(&value)).error_text()
        }};
    }
    assert_eq!(text!(Err(Shown), Alias<u8>).as_deref(), Some("as shown"));
    assert_eq!(text!(Ok(1), Alias<u8>), None);
    let debugged = text!(Err(Debugged), std::result::Result<u8, Debugged>);
    assert_eq!(debugged.as_deref(), Some("Debugged"));
    let silent = text!(Err(Silent), std::result::Result<u8, Silent>);
    assert!(silent.expect("an error").contains("without `Display`"));
    assert_eq!(text!(Result::Err(Shown), Result<Shown>), None);
    assert_eq!(text!(None, Option<u8>), None);
    assert_eq!(text!((), ()), None);
}

/// How many of `arrivals` calls ended well and with an error, and the first error.
#[track_caller]
fn outcome(name: &str, callers: u32, arrivals: u32) -> (u64, u64, Option<String>) {
    let id = format!("{}::{name}", module_path!());
    let sample = trial_load(&id, callers, arrivals).expect("it runs");
    assert_eq!(sample.arrivals, u64::from(arrivals));
    assert_eq!(sample.unfinished, 0);
    let response = sample.response.expect("responses");
    assert_eq!(response.count, sample.completed);
    assert!(response.mean_ns > 0.0 && response.p50_ns <= response.max_ns);
    (sample.completed, sample.errors, sample.first_error)
}

#[scale_bench(load, threads = [2])]
fn third_fails(#[with(AtomicU64::new(0))] calls: &AtomicU64) -> std::result::Result<u64, Debugged> {
    match calls.fetch_add(1, Ordering::Relaxed) {
        third if third % 3 == 2 => Err(Debugged),
        other => Ok(other),
    }
}

/// A guard of a lock, which has to be gone before the next call.
#[scale_bench(load)]
fn borrows(
    #[with(Mutex::new(0))] count: &Mutex<u64>,
) -> std::result::Result<std::sync::MutexGuard<'_, u64>, &'static str> {
    let mut count = count.try_lock().map_err(|_| "still locked")?;
    *count += 1;
    if *count % 2 == 0 {
        return Err("every other");
    }
    Ok(count)
}

/// Not made for load mode, and measured so all the same with `--load`.
#[scale_bench]
fn half_fails(#[with(AtomicU64::new(0))] calls: &AtomicU64) -> std::io::Result<()> {
    if calls.fetch_add(1, Ordering::Relaxed) & 1 == 0 {
        return Err(std::io::ErrorKind::ConnectionRefused.into());
    }
    Ok(())
}

#[test]
fn what_a_call_returns_is_counted_as_its_type_says() {
    let said = |text: &str| Some(text.to_owned());
    assert_eq!(outcome("third_fails", 2, 30), (20, 10, said("Debugged")));
    assert_eq!(outcome("borrows", 1, 20), (10, 10, said("every other")));
    let refused = said("connection refused");
    assert_eq!(outcome("half_fails", 3, 10), (5, 5, refused));
}

static SHARED: Tally = Tally::new();
static OWN: Tally = Tally::new();
static FRESH: Tally = Tally::new();
static INPUTS: Tally = Tally::new();
static OUTPUTS: Tally = Tally::new();
static CALLS: AtomicUsize = AtomicUsize::new(0);

#[scale_bench(load, threads = [3])]
fn everything(
    #[with(SHARED.make())] _shared: &Token,
    #[with(OWN.make())] _own: &mut Token,
    #[fresh(FRESH.make())] _fresh: &Token,
    #[with(INPUTS.make())] input: Token,
    #[values(1)] _value: u8,
) -> Token {
    CALLS.fetch_add(1, Ordering::Relaxed);
    drop(input);
    OUTPUTS.make()
}

#[test]
fn each_is_made_as_often_as_its_owner_asks() {
    assert_eq!(outcome("everything/_value=1", 3, 25), (25, 0, None));
    assert_eq!(CALLS.load(Ordering::Relaxed), 25);
    assert_eq!(
        (SHARED.settled(), OWN.settled(), FRESH.settled()),
        (1, 3, 1)
    );
    assert_eq!((INPUTS.settled(), OUTPUTS.settled()), (25, 25));
}

#[test]
fn the_closed_loop_that_the_ladder_starts_from_calls_it_too() {
    trial("load::third_fails", 2).unwrap();
}

#[cfg(feature = "tokio")]
mod tasks {
    use std::time::Duration;

    use super::*;

    #[scale_bench(load, tasks = [8], workers = 1)]
    async fn quarter_fails(
        #[with(AtomicU64::new(0))] calls: &AtomicU64,
        #[with(Box::new(1))] _input: Box<u64>,
    ) -> std::result::Result<(), Shown> {
        tokio::time::sleep(Duration::from_millis(2)).await;
        if calls.fetch_add(1, Ordering::Relaxed) & 3 == 0 {
            return Err(Shown);
        }
        Ok(())
    }

    #[scale_bench(load)]
    async fn borrows(
        #[with(AtomicU64::new(0))] calls: &AtomicU64,
    ) -> std::result::Result<&AtomicU64, &'static str> {
        match calls.fetch_add(1, Ordering::Relaxed) % 2 {
            0 => Err("every other"),
            _ => Ok(calls),
        }
    }

    #[test]
    fn tasks_count_errors_too() {
        let said = |text: &str| Some(text.to_owned());
        let quarter = outcome("tasks::quarter_fails", 8, 20);
        assert_eq!(quarter, (15, 5, said("as shown")));
        assert_eq!(
            outcome("tasks::borrows", 2, 10),
            (5, 5, said("every other"))
        );
    }
}
