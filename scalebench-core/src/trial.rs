//! One launch in this process without a coordinator: for tests of what annotated functions do.
//!
//! All of it is `inline` or generic: so it is compiled where tests call it, and not in every build of this crate.

use crate::channel::unbounded;
use scalebench_model::data::{GroupKind, LoadSample, Schedule};

use crate::protocol::{LoadOrder, Order, Part, Prepare, Reply, WindowKind, WindowOrder};
use crate::registry;
use crate::worker::{Orders, serve};

/// Makes the state of the benchmark `id` for up to `max_threads` threads, lets them call it for a window of `window_ns`
/// at every thread count up to that, and drops the state. The threads are not pinned and nothing is recorded.
///
/// # Errors
/// What the benchmark failed with.
#[inline]
pub fn trial(id: &str, max_threads: u32, window_ns: u64) -> Result<(), String> {
    let prepare = Prepare {
        id: id.to_owned(),
        max_threads,
        placement: Vec::new(),
        cpus: max_threads,
        cores: 0,
        load: false,
        part: Part::default(),
    };
    // Roles need a thread each; alone they are called at 1.
    let members = registry::find(&registry::ENTRIES, id)
        .and_then(|case| case.info.member)
        .filter(|member| member.group.kind == GroupKind::Roles)
        .map_or(1, |member| member.members as u32);
    let counts = (1..=max_threads).filter(|&threads| threads == 1 || threads >= members);
    let windows = counts.map(|threads| {
        Order::Window(WindowOrder {
            round: 0,
            threads,
            window_ns,
            kind: WindowKind::Measured,
        })
    });
    let script = [Order::Prepare(prepare), Order::Size]
        .into_iter()
        .chain(windows)
        .chain([Order::Finish]);
    play(script).map(|_| ())
}

/// Makes the state of the benchmark `id` for `callers` callers, lets `arrivals` calls arrive, one each millisecond, and
/// drops the state. Nothing is recorded.
///
/// # Errors
/// What the benchmark failed with.
#[inline]
pub fn trial_load(id: &str, callers: u32, arrivals: u32) -> Result<LoadSample, String> {
    let prepare = Prepare {
        id: id.to_owned(),
        max_threads: callers,
        placement: Vec::new(),
        cpus: callers,
        cores: 0,
        load: true,
        part: Part::default(),
    };
    let order = LoadOrder {
        round: 0,
        rate_per_s: 1_000.0,
        schedule: Schedule::Constant,
        seed: 0,
        callers,
        ramp_ns: 0,
        window_ns: u64::from(arrivals) * 1_000_000,
        grace_ns: 60_000_000_000,
        timeout_ns: None,
    };
    let script = [Order::Prepare(prepare), Order::Load(order), Order::Finish];
    let replies = play(script.into_iter())?;
    let sample = replies.into_iter().find_map(|reply| match reply {
        Reply::Load(sample) => Some(sample),
        _ => None,
    });
    sample.ok_or_else(|| "the arrivals were not answered".to_owned())
}

/// Sends the orders to a worker in this thread, and returns what it replies.
fn play(script: impl Iterator<Item = Order>) -> Result<Vec<Reply>, String> {
    let (orders, inbox) = unbounded();
    let (outbox, replies) = unbounded();
    for order in script {
        // The receiver lives until the end of this function.
        let _ = orders.send(order);
    }
    drop(orders);
    serve(&mut Orders::over_channels(inbox, outbox));
    let take = |reply| match reply {
        Reply::Failed(failure) => Err(failure.message),
        other => Ok(other),
    };
    replies.iter().map(take).collect()
}
