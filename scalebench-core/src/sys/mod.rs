//! The only place that talks to the operating system, and the only one that may hold `unsafe`.
//!
//! Linux is tested. Elsewhere the meters read nothing and threads are not pinned; the host says so
//! (`thread_clocks: false`) and the report repeats it.

mod background;
mod clock;
mod counters;
mod host;
mod limits;
mod processes;
mod program;
mod sent;
mod shared;
mod signals;
mod stdio;
mod terminal;
#[cfg(unix)]
mod unix;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as platform;

#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(not(target_os = "linux"))]
use other as platform;

pub use sent::{Sendable, Sent, TaskSendable};
pub use shared::{Renewable, Shareable, Shared, SharedAnew, TaskShareable, TaskShared};

pub(crate) use background::background;
pub(crate) use clock::Clock;
pub(crate) use counters::{Counted, Counters};
pub(crate) use host::{StealMeter, host, quota_cpus, session, usable_cpus};
pub(crate) use limits::{system_threads, thread_limit};
pub(crate) use platform::{
    TaskMeter, ThreadMeter, pin, pin_all, pin_each, process_cpu_ns, raise_priority,
    sleep_precisely, thread_cpu_ns, thread_id, thread_times,
};
pub(crate) use processes::{
    ask_group_to_end, describe_end, end_group, end_own_group, lead_group, own_group, own_session,
};
pub(crate) use program::Program;
pub(crate) use signals::{
    interrupted, interrupted_again, results_are_at_stake, results_are_kept, watch_interrupts,
};
pub(crate) use stdio::claim_stdio;
pub(crate) use terminal::columns;

/// What the operating system knows of one thread, since the thread began.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Reading {
    /// Time on a CPU, ns.
    pub(crate) on_cpu_ns: u64,
    /// Time runnable without a CPU (run-queue wait), ns.
    pub(crate) waiting_ns: u64,
    /// Involuntary context switches.
    pub(crate) involuntary: u64,
    /// Context switches of either kind, where they are known.
    pub(crate) switches: Option<u64>,
    /// How often it was given a CPU.
    pub(crate) arrivals: u64,
}
