//! Benchmarks with a planted change of known size.
//!
//! The two sides of a comparison share arguments and environment, so the change stands in the name of the binary's own
//! file: what follows the `@`. A copy named `planted@faster` is the other revision.

use std::sync::{Mutex, PoisonError};
use std::thread::sleep;
use std::time::Duration;

use scalebench::scale_bench;

/// What the name of this binary's file plants, such as `faster`; empty for nothing.
#[must_use]
pub fn plant() -> String {
    let binary = std::env::current_exe().unwrap_or_default();
    let name = binary
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    name.split_once('@')
        .map_or(String::new(), |(_, plant)| plant.to_owned())
}

/// A service that sleeps while it serves, behind as many doors as it serves calls at once.
#[derive(Debug)]
pub struct Service {
    time: Duration,
    doors: Vec<Mutex<()>>,
}

impl Service {
    /// 4 ms a call behind one door; `faster`: 2 ms, `wider`: two doors.
    #[must_use]
    pub fn planted() -> Self {
        let (time_ms, doors) = match plant().as_str() {
            "faster" => (2, 1),
            "wider" => (4, 2),
            _ => (4, 1),
        };
        Self {
            time: Duration::from_millis(time_ms),
            doors: (0..doors).map(|_| Mutex::new(())).collect(),
        }
    }

    /// One call at the door of a thread.
    pub fn call(&self, thread: usize) {
        let door = &self.doors[thread % self.doors.len()];
        let _turn = door.lock().unwrap_or_else(PoisonError::into_inner);
        sleep(self.time);
    }
}

/// One call at a time, as long as nothing is planted.
#[scale_bench(threads = [1, 2])]
pub fn service(
    #[with(Service::planted())] service: &Service,
    #[with(thread.index())] index: &mut usize,
) {
    service.call(*index);
}

/// The same whatever is planted.
#[scale_bench(threads = [1, 2])]
pub fn steady() {
    sleep(Duration::from_millis(1));
}

/// Breaks when `broken` is planted.
#[scale_bench(threads = [1, 2])]
pub fn breakable(#[with(plant() == "broken")] broken: &bool) {
    sleep(Duration::from_millis(1));
    assert!(!broken, "the planted panic of the old side");
}
