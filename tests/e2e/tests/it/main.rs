//! Runs real bench processes in temporary folders.

mod bad_input;
mod compare;
mod faults;
mod known_answers;
mod outside;
mod run;
mod tasks;
