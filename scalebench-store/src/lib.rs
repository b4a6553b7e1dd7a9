//! The only reader and writer of scalebench's files, shared by the bench binaries and `cargo scalebench`.
//!
//! Everything lies under one folder, see [`Home`]: `runs/` (one JSON file a run), `baselines/`, and `report/`.
//! Files appear whole or not at all: they are written beside their place and renamed into it.
#![forbid(unsafe_code)]

/// Stands in every bench binary of scalebench, so that `cargo scalebench` knows which binaries it may start: a program
/// that ignores its arguments could do anything.
pub const BENCH_MARKER: &str = "scalebench bench binary: `scalebench::main!()` is its main";

#[cfg(feature = "read")]
mod baselines;
mod error;
mod files;
mod home;
mod keep;
mod lock;
#[cfg(feature = "read")]
mod noise;
mod output;
#[cfg(feature = "read")]
mod read;
mod runs;
mod target;

pub use error::StoreError;
pub use files::{LARGEST, append_job_summary, open_file, read_file, write_atomic};
pub use home::Home;
pub use keep::Keep;
pub use lock::Lock;
#[cfg(feature = "read")]
pub use noise::Noise;
pub use output::{print, refused, without_commands};
#[cfg(feature = "read")]
pub use read::{FoundRuns, parse_document};
pub use runs::run_id;
pub use target::TargetName;
