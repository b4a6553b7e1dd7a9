//! Tests of figures that others may disturb beyond what a program can see.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

/// Only one test of figures runs at a time, so that they do not disturb each other.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Figures of sleeps and of computing hold only while nobody takes the CPUs away for long, as a hypervisor may. What holds must hold
/// in one of three tries; what does not, fails in all of them.
pub(crate) fn in_three_tries(test: impl Fn()) {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let passes = || catch_unwind(AssertUnwindSafe(&test)).is_ok();
    assert!(
        (0..3).any(|_| passes()),
        "in none of three tries; see what each said"
    );
}
