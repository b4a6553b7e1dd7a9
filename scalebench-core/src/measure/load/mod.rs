//! Load mode: an open loop. Calls arrive on a schedule and not when the one before has ended; response time counts from
//! the intended start. So the wait of an arrival that found every caller busy is part of what it took, as a user of the
//! service feels it.
//!
//! The arrivals of a window are drawn beforehand ([`schedule`]). On threads there is no dispatcher: each caller takes the
//! next arrival as soon as it is free, sleeps until shortly before its intended start and spins the rest ([`wait`]). With
//! arrivals taken in order that is one queue in front of all callers, first come, first served. Tasks cannot sleep so
//! exactly; to them a thread hands the arrivals over (`super::tasks`). [`sample`] makes the figures of both.

mod arrivals;
mod sample;
mod schedule;
mod wait;

pub(crate) use arrivals::{Answer, AnswerLog, Arrivals, answer};
pub(crate) use sample::{sample, set_lateness};
pub(crate) use wait::Waiter;
