//! Linux: thread clocks, run-queue wait and affinity.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::os::unix::fs::FileExt;
use std::time::Duration;

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

    /// Time on a CPU so far, ns. What a hypervisor took of it is not in there, nor are interrupts, as far as the kernel
    /// accounts for them.
    pub(crate) fn on_cpu_ns(&self) -> Option<u64> {
        super::unix::clock_ns(libc::CLOCK_THREAD_CPUTIME_ID)
    }

    /// Everything; `None` where the kernel does not say.
    pub(crate) fn read(&self) -> Option<Reading> {
        let on_cpu_ns = self.on_cpu_ns()?;
        let usage = usage();
        let stat = self.schedstat.as_ref().and_then(read_schedstat);
        Some(Reading {
            on_cpu_ns,
            involuntary: usage.map_or(0, |usage| unsigned(usage.ru_nivcsw)),
            switches: usage.map(|usage| unsigned(usage.ru_nvcsw) + unsigned(usage.ru_nivcsw)),
            ..stat.unwrap_or_default()
        })
    }
}

/// Reads what the kernel knows of another thread of this process.
#[derive(Debug)]
pub(crate) struct TaskMeter {
    thread: i32,
    schedstat: Option<File>,
}

impl TaskMeter {
    /// For the thread with that kernel number, see [`thread_id`].
    pub(crate) fn new(thread: i32) -> Self {
        Self {
            thread,
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
            on_cpu_ns: thread_cpu_ns(self.thread).unwrap_or(stat.on_cpu_ns),
            ..stat
        }
    }
}

/// The clock that is a thread's CPU time, by the kernel's numbers: the complement of the thread's, then "of one thread" and
/// "scheduler's time".
fn cpu_clock_of(thread: i32) -> libc::clockid_t {
    (!thread << 3) | 6
}

/// The kernel's numbers of the threads of this process; none where it does not say.
fn threads() -> impl Iterator<Item = i32> {
    let tasks = std::fs::read_dir("/proc/self/task");
    let number = |task: std::fs::DirEntry| task.file_name().to_str()?.parse().ok();
    tasks.into_iter().flatten().flatten().filter_map(number)
}

/// CPU time so far of a thread of this process, ns; `None` when it has ended.
pub(crate) fn thread_cpu_ns(thread: i32) -> Option<u64> {
    super::unix::clock_ns(cpu_clock_of(thread))
}

/// The threads of this process, and the CPU time of each so far, ns.
pub(crate) fn thread_times() -> Vec<(i32, u64)> {
    let time = |thread| Some((thread, thread_cpu_ns(thread)?));
    threads().filter_map(time).collect()
}

/// CPU time of all threads of this process so far, those that have ended included, ns.
///
/// Of threads that are running on other CPUs, the kernel may be behind by up to a scheduler tick.
pub(crate) fn process_cpu_ns() -> Option<u64> {
    super::unix::clock_ns(libc::CLOCK_PROCESS_CPUTIME_ID)
}

/// Counts of the calling thread.
fn usage() -> Option<libc::rusage> {
    let mut usage = MaybeUninit::uninit();
    // SAFETY: the call writes one `rusage`, through a pointer to one that nobody else uses during the call.
    let answer = unsafe { libc::getrusage(libc::RUSAGE_THREAD, usage.as_mut_ptr()) };
    // SAFETY: it was written, as the answer says.
    (answer == 0).then(|| unsafe { usage.assume_init() })
}

/// The kernel's number of the calling thread.
pub(crate) fn thread_id() -> i32 {
    // SAFETY: it takes nothing and touches no memory.
    unsafe { libc::gettid() }
}

/// Lets the calling thread run on `cpus` only.
///
/// # Errors
/// When the kernel refuses, for example because a CPU has gone offline.
pub(crate) fn pin(cpus: &[u32]) -> io::Result<()> {
    pin_thread(0, cpus)
}

/// Lets every thread of this process run on `cpus`, as far as the kernel allows; on no CPUs, changes nothing.
pub(crate) fn pin_all(cpus: &[u32]) {
    for thread in threads() {
        // A thread that has just ended needs no CPU.
        let _ = pin_thread(thread, cpus);
    }
}

/// The niceness of threads that are to run before others. Two others on a CPU leave them about 80 % of it, in stretches of tens of
/// milliseconds; -20 would leave those others next to nothing.
const HURRIED: libc::c_int = -10;

/// Lets every thread of this process, and whatever they start from now on, run before those of other processes; whether the
/// system allowed it. Who runs before others already stays as it is.
pub(crate) fn raise_priority() -> bool {
    // Without /proc nobody knows the threads.
    let mut threads = threads().peekable();
    threads.peek().is_some() && threads.all(raise_priority_of)
}

fn raise_priority_of(thread: i32) -> bool {
    // On Linux niceness is a thread's own, whatever the constant's name says.
    let who = thread.unsigned_abs();
    // SAFETY: it takes numbers alone. -1 is a niceness as well as an error, and either is above what is wanted.
    let now = unsafe { libc::getpriority(libc::PRIO_PROCESS, who) };
    if now <= HURRIED {
        return true;
    }
    // SAFETY: it takes numbers alone.
    let answer = unsafe { libc::setpriority(libc::PRIO_PROCESS, who, HURRIED) };
    // A thread that has just ended needs no CPU.
    answer == 0 || io::Error::last_os_error().raw_os_error() == Some(libc::ESRCH)
}

/// Lets each of these threads of this process run on one of `cpus`, or else on all of them, as far as the kernel allows; on no
/// CPUs, changes nothing.
pub(crate) fn pin_each(threads: &[i32], pinned: bool, cpus: &[u32]) {
    let own = cpus.chunks(1).cycle();
    for (&thread, own) in threads.iter().zip(own) {
        // Unpinned is a worse place to measure, not a reason to stop.
        let _ = pin_thread(thread, if pinned { own } else { cpus });
    }
}

/// The same as [`pin`] for a thread of this process by the kernel's number, see [`thread_id`]; 0 is the calling thread.
fn pin_thread(thread: i32, cpus: &[u32]) -> io::Result<()> {
    let mut set = no_cpus();
    for &cpu in cpus {
        if cpu as usize >= CPUS {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        // SAFETY: the set is ours, and has room for this number.
        unsafe { libc::CPU_SET(cpu as usize, &mut set) };
    }
    // SAFETY: the call reads so many bytes through the pointer, which are the set's; of the thread it takes the number alone.
    let answer = unsafe { libc::sched_setaffinity(thread, size_of_val(&set), &raw const set) };
    if answer == -1 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// The CPUs that the calling thread may run on, ascending; `None` where the system does not say.
pub(super) fn affinity() -> Option<Vec<u32>> {
    let mut set = no_cpus();
    // SAFETY: the call writes at most so many bytes through the pointer, which are the set's; 0 is the calling thread.
    let answer = unsafe { libc::sched_getaffinity(0, size_of_val(&set), &raw mut set) };
    // SAFETY: the set is ours, and has room for each of these numbers.
    let allowed = |&cpu: &u32| unsafe { libc::CPU_ISSET(cpu as usize, &set) };
    (answer != -1).then(|| (0..CPUS as u32).filter(allowed).collect())
}

/// How many CPUs a set has room for.
const CPUS: usize = libc::CPU_SETSIZE as usize;

fn no_cpus() -> libc::cpu_set_t {
    // SAFETY: the set is plain bits, and all of them 0 is the empty set.
    unsafe { std::mem::zeroed() }
}

/// Sleeps with the least slack that the kernel allows: it may otherwise let timers be 50 µs late, to take several at once.
///
/// The slack is the thread's own again afterwards, so that sleeps of the code under measurement stay as they are.
pub(crate) fn sleep_precisely(time: Duration) {
    // A kernel that refuses wakes later, which is measured.
    set_timer_slack(1);
    std::thread::sleep(time);
    set_timer_slack(THREADS_OWN_SLACK);
}

fn set_timer_slack(slack: libc::c_ulong) {
    // SAFETY: it takes numbers alone, and changes the calling thread's timers.
    unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, slack) };
}

/// Not a time: it stands for what the thread was started with.
const THREADS_OWN_SLACK: libc::c_ulong = 0;

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
        arrivals,
        ..Reading::default()
    })
}

/// The kernel's counts and times have a sign, and differ in width by platform.
fn unsigned(value: impl TryInto<u64>) -> u64 {
    value.try_into().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meter_sees_cpu_time_and_switches_grow() {
        let meter = ThreadMeter::new();
        let before = meter.read().expect("Linux says");
        let mut sum = 0_u64;
        while meter.on_cpu_ns().expect("Linux says") < before.on_cpu_ns + 1_000_000 {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
        let after = meter.read().expect("Linux says");
        assert!(
            after.switches > before.switches,
            "a sleep is a voluntary switch"
        );
    }

    #[test]
    fn threads_that_inherited_a_cpu_can_be_let_go() {
        let all = affinity().expect("the system says");
        let (begin, end) = (std::sync::Barrier::new(2), std::sync::Barrier::new(2));
        std::thread::scope(|scope| {
            let pinned = scope.spawn(|| {
                pin(&all[..1]).expect("its own CPU");
                begin.wait();
                end.wait();
                affinity()
            });
            begin.wait();
            pin_all(&[]);
            pin_all(&all);
            end.wait();
            assert_eq!(pinned.join().expect("no panic"), Some(all.clone()));
        });
    }

    #[test]
    fn threads_run_before_others_where_allowed() {
        // On a thread of its own process's: tests share theirs, so only what is true of all of them is asked for.
        let niceness = || {
            // SAFETY: it takes numbers alone.
            unsafe { libc::getpriority(libc::PRIO_PROCESS, 0) }
        };
        let before = niceness();
        let raised = raise_priority_of(thread_id());
        assert_eq!(
            niceness(),
            if raised { before.min(HURRIED) } else { before }
        );
    }

    #[test]
    fn pinning_to_no_cpu_is_an_error() {
        assert!(pin(&[]).is_err());
    }
}
