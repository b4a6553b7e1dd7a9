//! The worker process: makes the state of a benchmark, and measures what it is ordered to.

use std::any::Any;
use std::cell::Cell;
use std::fmt::Display;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::exit;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use scalebench_model::excerpt::{MOST_TEXT, excerpt};

use crate::channel::{Receiver, Sender, unbounded};
use crate::features::HOSTS;
use crate::launch::Launch;
use crate::measure::{catch, nulls::nulls};
use crate::protocol::{Evaluated, Order, PROTOCOL, Part, Prepare, Reply, WorkerFailure};
use crate::registry::{self, ENTRIES, Function};
use crate::say::tell;
use crate::sys::{background, claim_stdio, end_own_group, host, lead_group};
use crate::{fingerprint, given};

/// Set for worker processes that the coordinator starts itself.
pub(crate) const WORKER_VARIABLE: &str = "SCALEBENCH_WORKER";

/// The only argument of worker processes that a launcher starts: launchers do not carry the environment along.
pub(crate) const WORKER_ARGUMENT: &str = "--scalebench-worker";

/// Whether this process was started to be a worker.
pub(crate) fn is_asked_for() -> bool {
    let by_launcher = std::env::args_os()
        .nth(1)
        .is_some_and(|first| first == WORKER_ARGUMENT);
    if by_launcher {
        // So that the worker can end all that it has started, wherever the launcher put it.
        lead_group();
    }
    by_launcher || std::env::var_os(WORKER_VARIABLE).is_some()
}

/// What the last panic said and where, as the panic hook saw it. A pool passes a panic of one thread on to another.
static LAST_PANIC: Mutex<Option<WorkerFailure>> = Mutex::new(None);

thread_local! {
    /// The same of this thread: two threads that panic at once do not take each other's.
    static OWN_PANIC: Cell<Option<WorkerFailure>> = const { Cell::new(None) };
}

/// Takes the last panic: that of this thread, if it had one.
pub(crate) fn last_panic() -> Option<WorkerFailure> {
    let last = LAST_PANIC
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    OWN_PANIC.take().or(last)
}

/// Remembers what panics say and where they happen, and hands that to `tell`, beside what the hook before does with them.
pub(crate) fn remember_panics(tell: impl Fn(&WorkerFailure) + Send + Sync + 'static) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let failure = WorkerFailure {
            message: panic_message(panic.payload()),
            place: panic.location().map(ToString::to_string),
        };
        // It may be all that is ever heard of it: what follows prints as much as it likes, and then the process may be over.
        tell(&failure);
        // The first panic is the cause; threads that it drags along do not replace it.
        LAST_PANIC
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert_with(|| failure.clone());
        // A thread that is about to end has no such memory any more.
        let _ = OWN_PANIC.try_with(|own| own.set(Some(failure)));
        before(panic);
    }));
}

/// What a panic says, in words of its own.
pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic with a value that is not text");
    format!("panicked: {}", excerpt(text, MOST_TEXT))
}

/// The pipe on which a worker process replies.
#[derive(Debug)]
struct Pipe {
    file: Mutex<File>,
    /// Whether a panic was told since the last reply.
    told: AtomicBool,
}

impl Pipe {
    fn write(file: &mut File, reply: &Reply) -> std::io::Result<()> {
        let line = serde_json::to_string(reply).map_err(std::io::Error::other)?;
        file.write_all(format!("{line}\n").as_bytes())
    }

    fn reply(&self, reply: &Reply) -> std::io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        self.told.store(false, Ordering::Relaxed);
        Self::write(&mut file, reply)
    }

    /// Tells the first panic of an order: code that catches its panics may have millions.
    fn tell_panic(&self, failure: &WorkerFailure) {
        if self.told.swap(true, Ordering::Relaxed) {
            return;
        }
        // A hook must not wait: where somebody is replying just now, that is heard.
        if let Ok(mut file) = self.file.try_lock() {
            let _ = Self::write(&mut file, &Reply::Panicked(failure.clone()));
        }
    }
}

/// Orders come in here and replies go out.
#[derive(Debug)]
pub struct Orders {
    orders: Receiver<Order>,
    replies: Replies,
    prepared: Option<Prepare>,
    /// What a launch has made to be shared by processes, and is the only one to use.
    kept: Option<Box<dyn Any>>,
    failed: bool,
}

#[derive(Debug)]
enum Replies {
    Pipe(Arc<Pipe>),
    Channel(Sender<Reply>),
}

impl Orders {
    /// For a worker on a thread of the coordinator's own process.
    pub(crate) fn over_channels(orders: Receiver<Order>, replies: Sender<Reply>) -> Self {
        Self {
            orders,
            replies: Replies::Channel(replies),
            prepared: None,
            kept: None,
            failed: false,
        }
    }

    /// The next order; `None` when the coordinator has hung up.
    pub(crate) fn next(&mut self) -> Option<Order> {
        self.orders.recv().ok()
    }

    /// Answers an order.
    pub(crate) fn reply(&mut self, reply: Reply) {
        match &self.replies {
            Replies::Pipe(pipe) => {
                if pipe.reply(&reply).is_err() {
                    // Nobody is there to report to.
                    exit(1);
                }
            }
            Replies::Channel(channel) => {
                let _ = channel.send(reply);
            }
        }
    }

    /// Reports that the code under measurement did not stand it. A worker process ends here: its threads may be stuck.
    pub(crate) fn fail(&mut self, failure: WorkerFailure) {
        self.failed = true;
        self.reply(Reply::Failed(WorkerFailure {
            message: excerpt(&failure.message, MOST_TEXT).into_owned(),
            ..failure
        }));
        if matches!(self.replies, Replies::Pipe(_)) {
            exit(1);
        }
    }

    /// Makes what all processes of a launch share, unless another one has; what stands for it. `None` when this worker's
    /// part was to keep it, which is over then.
    pub(crate) fn keep<T: Display + 'static>(
        &mut self,
        make: impl FnOnce() -> T,
    ) -> Option<String> {
        match self.prepared().part.clone() {
            Part::Caller { shared } => shared,
            Part::Alone => {
                let made = make();
                let shared = made.to_string();
                self.kept = Some(Box::new(made));
                Some(shared)
            }
            Part::Keeper => {
                let made = make();
                self.reply(Reply::Kept {
                    shared: made.to_string(),
                });
                // Until the order to finish, whatever else comes, or until nobody is there any more.
                self.next();
                None
            }
        }
    }

    /// What the benchmark being served was prepared with.
    ///
    /// # Panics
    /// Outside of a benchmark; launches are only ever made inside one.
    pub(crate) fn prepared(&self) -> &Prepare {
        self.prepared
            .as_ref()
            .expect("a launch is served only after `Prepare`")
    }
}

/// A worker process, from the first order to the last.
pub(crate) fn main() -> ! {
    let (sender, receiver) = unbounded();
    let pipe = claim_stdio().and_then(|(orders, replies)| {
        let read = move || read_orders(orders, &sender);
        background("scalebench-orders", Box::new(read)).map(|()| replies)
    });
    let pipe = match pipe {
        Ok(replies) => Arc::new(Pipe {
            file: Mutex::new(replies),
            told: AtomicBool::new(false),
        }),
        Err(error) => {
            tell(format_args!("this worker could not take its pipe: {error}"));
            exit(1);
        }
    };
    let own = Arc::clone(&pipe);
    remember_panics(move |failure| own.tell_panic(failure));
    let mut orders = Orders {
        orders: receiver,
        replies: Replies::Pipe(pipe),
        prepared: None,
        kept: None,
        failed: false,
    };
    serve(&mut orders);
    exit(0);
}

/// Reads orders until the coordinator is gone, and then ends the process, whatever the other threads are stuck in, and
/// whatever it has started.
fn read_orders(pipe: File, orders: &Sender<Order>) {
    for line in BufReader::new(pipe).lines() {
        let order = line.ok().and_then(|line| Order::read(line.as_bytes()).ok());
        let Some(order) = order else {
            tell("this worker did not understand an order");
            exit(1);
        };
        if orders.send(order).is_err() {
            break;
        }
    }
    end_own_group();
    exit(0);
}

/// Serves orders until the coordinator has hung up or a benchmark has failed.
pub(crate) fn serve(orders: &mut Orders) {
    let mut functions = None;
    while let Some(order) = orders.next() {
        match order {
            Order::Hello {
                params, threads, ..
            } => {
                // Before the cases are made of them. In the coordinator's own process they are there already.
                given::set(&params, &threads);
                let version = env!("CARGO_PKG_VERSION").to_owned();
                orders.reply(Reply::Hello {
                    protocol: PROTOCOL,
                    version,
                });
            }
            Order::Identify if HOSTS => orders.reply(identity()),
            Order::List { function } => {
                let functions = functions.get_or_insert_with(registry::functions);
                match function {
                    Some(name) => with_evaluated(orders, functions, &name, list_of),
                    None => orders.reply(list(functions)),
                }
            }
            Order::Evaluate { function } => {
                let functions = functions.get_or_insert_with(registry::functions);
                with_evaluated(orders, functions, &function, |_, entries| {
                    Reply::Evaluated { entries }
                });
            }
            Order::Prepare(prepare) => launch(orders, prepare),
            other => orders.fail(WorkerFailure {
                message: format!("unexpected order {}", other.line()),
                place: None,
            }),
        }
        if orders.failed {
            return;
        }
    }
}

/// What can be measured, as far as no expression has to be evaluated for that.
fn list(functions: &[Function]) -> Reply {
    let (mut benchmarks, mut open) = (Vec::new(), Vec::new());
    for function in functions {
        if function.has_expressions() {
            open.push(function.name.clone());
        } else {
            benchmarks.extend(function.benchmarks(&function.evaluate()));
        }
    }
    Reply::List { benchmarks, open }
}

/// What can be measured by a function.
fn list_of(function: &Function, evaluated: Vec<Evaluated>) -> Reply {
    Reply::List {
        benchmarks: function.benchmarks(&evaluated),
        open: Vec::new(),
    }
}

/// Replies with what `reply` makes of the expressions of the function `name`.
fn with_evaluated(
    orders: &mut Orders,
    functions: &[Function],
    name: &str,
    reply: fn(&Function, Vec<Evaluated>) -> Reply,
) {
    let found = functions.binary_search_by(|function| function.name.as_str().cmp(name));
    let Some(function) = found.ok().map(|place| &functions[place]) else {
        return orders.fail(WorkerFailure {
            message: format!("there is no function `{name}` in this binary"),
            place: None,
        });
    };
    match catch(|| function.evaluate()) {
        Ok(evaluated) => orders.reply(reply(function, evaluated)),
        Err(failure) => orders.fail(failure),
    }
}

/// Which program this is, and which machine.
fn identity() -> Reply {
    match fingerprint::of_this() {
        Ok(program) => Reply::Identity {
            program,
            host: host(),
        },
        Err(error) => Reply::Failed(WorkerFailure {
            message: format!("the worker cannot read its own program: {error}"),
            place: None,
        }),
    }
}

/// Serves the one launch that the first order prepares, whatever that order calls it.
#[cfg(feature = "criterion")]
pub(crate) fn serve_one(orders: &mut Orders, launch: impl FnOnce(Launch<'_>)) {
    let Some(Order::Prepare(prepare)) = orders.next() else {
        return;
    };
    orders.prepared = Some(prepare);
    if let Err(failure) = catch(|| launch(Launch { orders })) {
        return orders.fail(failure);
    }
    if !orders.failed {
        orders.reply(Reply::Done);
    }
}

/// One launch of one benchmark; replies `Done` when its state has been dropped.
fn launch(orders: &mut Orders, prepare: Prepare) {
    let id = &prepare.id;
    let found = catch(|| registry::find(&ENTRIES, id).or_else(|| registry::find(nulls(), id)));
    let case = match found {
        Ok(case) => case,
        Err(failure) => return orders.fail(failure),
    };
    let Some(case) = case else {
        let message = format!("there is no benchmark `{}` in this binary", prepare.id);
        return orders.fail(WorkerFailure {
            message,
            place: None,
        });
    };
    orders.prepared = Some(prepare);
    if let Err(failure) = catch(|| (case.entry.launch)(Launch { orders }, &case.choice)) {
        return orders.fail(failure);
    }
    if let Err(failure) = catch(|| drop(orders.kept.take())) {
        return orders.fail(failure);
    }
    if !orders.failed {
        orders.reply(Reply::Done);
    }
}
