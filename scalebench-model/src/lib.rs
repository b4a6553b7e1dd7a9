//! The pure part of scalebench: data and mathematics. No files, clocks, threads or printing.
//!
//! The way through: [`data`] (what was measured) → estimate → laws, cause, change → [`report`] → render.
#![forbid(unsafe_code)]

pub mod build;
pub mod cause;
#[cfg(feature = "compare")]
pub mod change;
pub mod data;
pub mod estimate;
pub mod excerpt;
pub mod expect;
pub mod gate;
pub mod laws;
pub mod render;
pub mod report;
#[cfg(feature = "schema")]
pub mod schema;
#[cfg(feature = "tools")]
pub mod simulate;
pub mod sort;
pub mod stats;
#[cfg_attr(not(feature = "compare"), expect(dead_code))]
mod words;

/// Whether there are records of load mode. Branches that this rules out are left out of the program, together with all
/// that only they call.
const LOAD: bool = cfg!(feature = "load");
