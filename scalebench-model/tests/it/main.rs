//! Tests of the mathematics and of the way from samples to report.

mod change;
mod coverage;
mod drift;
mod expectations;
mod fits;
mod fixture;
mod golden;
mod history;
mod load;
mod load_change;
mod pipeline;
mod points;
mod properties;
mod published;
mod roles;
mod selection;
mod sentences;
mod uneven;
mod verdicts;
