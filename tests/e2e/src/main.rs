//! Benchmarks that behave and misbehave in known ways. The tests beside run this binary as cargo would.

mod expected;
mod faults;
mod grid;
mod groups;
mod helpers;
mod known;
mod load;
mod printed;
mod processes;
mod tasks;
mod work;

scalebench::main!();
