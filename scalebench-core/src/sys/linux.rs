//! Linux: thread clocks, run-queue wait and affinity.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::time::Duration;

use nix::sched::{CpuSet, sched_setaffinity};
use nix::sys::prctl::set_timerslack;
use nix::sys::resource::{UsageWho, getrusage};
use nix::time::{ClockId, clock_gettime};
use nix::unistd::Pid;

use super::Reading;

/// Reads what the kernel knows of the calling thread.
#[derive(Debug)]
pub(crate) struct ThreadMeter {
    /// Kept open: a read through it costs a third of opening it anew. `None`: no `/proc`, or no `schedstat` in it.
    schedstat: Option<File>,
}

impl ThreadMeter {
    /// For the calling thread; it must not be handed to another one.
    pub(crate) fn new() -> Self {
        Self {
            schedstat: File::open("/proc/thread-self/schedstat").ok(),
        }
    }

    /// Whether run-queue wait can be read.
    pub(crate) fn works(&self) -> bool {
        self.schedstat
            .as_ref()
            .is_some_and(|file| read_schedstat(file).is_some())
    }

    /// Context switches so far, of either kind. While it stands still, the thread never left its CPU.
    pub(crate) fn switches(&self) -> u64 {
        getrusage(UsageWho::RUSAGE_THREAD).map_or(0, |usage| {
            unsigned(usage.voluntary_context_switches())
                + unsigned(usage.involuntary_context_switches())
        })
    }

    /// Everything.
    pub(crate) fn read(&self) -> Reading {
        let on_cpu_ns = cpu_time(ClockId::CLOCK_THREAD_CPUTIME_ID).unwrap_or(0);
        let involuntary = getrusage(UsageWho::RUSAGE_THREAD)
            .map_or(0, |usage| unsigned(usage.involuntary_context_switches()));
        let stat = self.schedstat.as_ref().and_then(read_schedstat);
        Reading {
            on_cpu_ns,
            involuntary,
            ..stat.unwrap_or_default()
        }
    }
}

/// Reads what the kernel knows of another thread of this process.
#[cfg(feature = "rayon")]
#[derive(Debug)]
pub(crate) struct TaskMeter {
    cpu_clock: ClockId,
    schedstat: Option<File>,
}

#[cfg(feature = "rayon")]
impl TaskMeter {
    /// For the thread with that kernel number, see [`thread_id`].
    pub(crate) fn new(thread: i32) -> Self {
        // The kernel's numbers of clocks: the complement of the thread's, then "of one thread" and "scheduler's time".
        let cpu_clock = ClockId::from_raw((!thread << 3) | 6);
        Self {
            cpu_clock,
            schedstat: File::open(format!("/proc/self/task/{thread}/schedstat")).ok(),
        }
    }

    /// Time on a CPU and run-queue wait.
    pub(crate) fn read(&self) -> Reading {
        let stat = self
            .schedstat
            .as_ref()
            .and_then(read_schedstat)
            .unwrap_or_default();
        // The first field of `schedstat` is up to a scheduler tick behind.
        Reading {
            on_cpu_ns: cpu_time(self.cpu_clock).unwrap_or(stat.on_cpu_ns),
            ..stat
        }
    }
}

fn cpu_time(clock: ClockId) -> Option<u64> {
    let time = clock_gettime(clock).ok()?;
    Some(unsigned(time.tv_sec()) * 1_000_000_000 + unsigned(time.tv_nsec()))
}

/// The kernel's number of the calling thread.
#[cfg(feature = "rayon")]
pub(crate) fn thread_id() -> i32 {
    nix::unistd::gettid().as_raw()
}

/// Lets the calling thread run on `cpus` only.
///
/// # Errors
/// When the kernel refuses, for example because a CPU has gone offline.
pub(crate) fn pin(cpus: &[u32]) -> io::Result<()> {
    let mut set = CpuSet::new();
    for &cpu in cpus {
        set.set(cpu as usize)?;
    }
    Ok(sched_setaffinity(Pid::from_raw(0), &set)?)
}

/// Sleeps with the least slack that the kernel allows: it may otherwise let timers be 50 µs late, to take several at once.
///
/// The slack is the thread's own again afterwards, so that sleeps of the code under measurement stay as they are.
pub(crate) fn sleep_precisely(time: Duration) {
    // A kernel that refuses wakes later, which is measured.
    let _ = set_timerslack(1);
    std::thread::sleep(time);
    let _ = set_timerslack(THREADS_OWN_SLACK);
}

/// Not a time: it stands for what the thread was started with.
const THREADS_OWN_SLACK: std::ffi::c_ulong = 0;

/// `schedstat` holds three numbers: time on CPU, time waiting on a run queue, number of time slices.
fn read_schedstat(file: &File) -> Option<Reading> {
    let mut buffer = [0_u8; 80];
    let length = file.read_at(&mut buffer, 0).ok()?;
    let text = std::str::from_utf8(&buffer[..length]).ok()?;
    let mut fields = text.split_ascii_whitespace();
    let on_cpu_ns = fields.next()?.parse().ok()?;
    let waiting_ns = fields.next()?.parse().ok()?;
    let arrivals = fields.next()?.parse().ok()?;
    Some(Reading {
        on_cpu_ns,
        waiting_ns,
        involuntary: 0,
        arrivals,
    })
}

fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meter_sees_cpu_time_and_switches_grow() {
        let meter = ThreadMeter::new();
        let before = meter.read();
        let switches = meter.switches();
        let mut sum = 0_u64;
        while meter.read().on_cpu_ns < before.on_cpu_ns + 1_000_000 {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
        assert!(meter.switches() > switches, "a sleep is a voluntary switch");
    }

    #[test]
    fn pinning_to_no_cpu_is_an_error() {
        assert!(pin(&[]).is_err());
    }
}
