//! The runtime of scalebench. Use the `scalebench` crate; this one has no stable interface of its own.
//!
//! The way through: [`registry`] → `planner` → `coordinator` ⇄ `worker` → `measure` → run record → report.
//! The same binary is both processes: [`main`] is the coordinator unless a coordinator started it.

pub mod annotate;
pub mod bencher;
mod channel;
mod coordinator;
#[cfg(feature = "criterion")]
pub mod criterion;
mod features;
mod fingerprint;
pub mod given;
mod harness;
pub mod launch;
mod measure;
mod options;
mod planner;
mod protocol;
pub mod registry;
mod say;
mod sys;
mod trial;
mod worker;

pub use harness::main;
pub use linkme;
pub use measure::chunk::Inputs;
#[cfg(feature = "tokio")]
pub use measure::tasks::Tokio;
pub use measure::tasks::{Batch, Executor, Sweep, Task, Workers};
pub use sys::{Renewable, Shareable, Shared, SharedAnew, TaskShareable, TaskShared};
pub use trial::{trial, trial_load};
pub use worker::Orders;
