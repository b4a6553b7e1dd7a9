//! The pure part of scalebench: data and mathematics. No files, clocks, threads or printing.
//!
//! The way through: [`data`] (what was measured) → estimate → laws, cause, change → [`report`] → render.
#![forbid(unsafe_code)]

pub mod data;
pub mod report;
