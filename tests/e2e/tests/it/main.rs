//! Runs real bench processes in temporary folders.

mod bad_input;
mod busy;
mod compare;
mod expect;
mod grid;
mod groups;
mod hosts;
mod known_answers;
mod load;
mod params;
mod processes;
mod quota;
mod run;
mod tasks;
mod tries;
mod work;
