//! Workers on other hosts, started by a launcher that people already run: ssh, srun, mpirun, kubectl.
//!
//! The launcher carries a worker's standard streams, and that is all that connects it to here: nothing listens, and
//! nothing stays. Each launch is one worker on one host, and launches take the hosts in turn.

use std::cell::RefCell;
use std::path::PathBuf;
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use scalebench_model::data::{Failure, Host, unlike};
use scalebench_model::excerpt::{SHORT_TEXT, excerpt};

use super::ask::{AskError, Loss, Spawn, Worker, failed, greet, unexpected};
use super::process::ProcessWorker;
use crate::features::{HOSTS, needed};
use crate::fingerprint;
use crate::options::{OnHostLoss, Options, Remote};
use crate::protocol::{Order, Reply};
use crate::sys::{Program, own_session};
use crate::worker::WORKER_ARGUMENT;

/// A launcher gets at most so long until its worker has said who it is.
const HANDSHAKE: Duration = Duration::from_secs(30);

/// A host that answered.
#[derive(Debug)]
pub(crate) struct RemoteHost {
    /// As `--hosts` calls it.
    pub(crate) name: String,
    /// The machine, as its worker sees it.
    pub(crate) machine: Host,
}

/// The hosts of a run; both sides of a comparison use the same.
#[derive(Debug)]
struct Hosts {
    remote: Remote,
    /// The longest wait for one reply.
    timeout: Duration,
    nocapture: bool,
    /// Those that are left, in turn.
    left: RefCell<Vec<Rc<RemoteHost>>>,
    /// Why nothing more is started, where that is so.
    ended: RefCell<Option<String>>,
    /// What the user should know of the run, a sentence each.
    notes: RefCell<Vec<String>>,
}

/// Starts workers of one program on the hosts.
#[derive(Debug, Clone)]
pub(crate) struct Fleet {
    hosts: Rc<Hosts>,
    /// Where the program is on the hosts.
    program: PathBuf,
    /// What tells it from other programs.
    fingerprint: String,
}

/// Why a host cannot be used, in words that say what to check.
type Unusable = String;

impl Fleet {
    /// Asks every host who it is; `None` when workers are to run here. `tell` gets what `--verbose` shows.
    ///
    /// # Errors
    /// When a host cannot be used, has another program, or is unlike the first one.
    pub(crate) fn find(options: &Options, tell: &dyn Fn(&str)) -> Result<Option<Self>, Unusable> {
        let remote = &options.remote;
        if !remote.is_asked_for() {
            return Ok(None);
        }
        let unreadable = |error| format!("this program's file cannot be read: {error}");
        let this = Program::this().path().to_owned();
        let fleet = Self {
            hosts: Rc::new(Hosts {
                remote: remote.clone(),
                timeout: options.timeout,
                nocapture: options.nocapture,
                left: RefCell::default(),
                ended: RefCell::default(),
                notes: RefCell::default(),
            }),
            program: remote.program.clone().unwrap_or(this),
            fingerprint: fingerprint::of_this().map_err(unreadable)?,
        };
        fleet.gather(options.comparing.unlike_machines, tell)?;
        Ok(Some(fleet))
    }

    /// The same hosts with another build of the program, which lies there as it does here.
    ///
    /// # Errors
    /// When a host has not got it.
    #[cfg(feature = "compare")]
    pub(crate) fn beside(&self, binary: &std::path::Path) -> Result<Self, Unusable> {
        let unreadable = |error| format!("it cannot be read: {error}");
        let other = Self {
            hosts: Rc::clone(&self.hosts),
            program: std::path::absolute(binary).map_err(unreadable)?,
            fingerprint: fingerprint::of(binary).map_err(unreadable)?,
        };
        for host in self.hosts.left.borrow().iter() {
            let probed = other.probe(&host.name);
            probed.map_err(|reason| format!("on the host `{}`: {reason}", host.name))?;
        }
        Ok(other)
    }

    /// The machine to plan for: the first host, with as many CPUs as the least of them.
    pub(crate) fn machine(&self) -> Host {
        let left = self.hosts.left.borrow();
        let mut machine = left
            .first()
            .map(|host| host.machine.clone())
            .unwrap_or_default();
        for host in left.iter() {
            machine.cpus = machine.cpus.min(host.machine.cpus);
            machine.physical_cores = machine.physical_cores.min(host.machine.physical_cores);
        }
        machine
    }

    /// What the user should know of the run, a sentence each.
    pub(crate) fn notes(&self) -> Vec<String> {
        self.hosts.notes.borrow().clone()
    }

    /// Keeps the hosts that can be used.
    fn gather(&self, unlike_machines: bool, tell: &dyn Fn(&str)) -> Result<(), Unusable> {
        let remote = &self.hosts.remote;
        let mut found: Vec<Rc<RemoteHost>> = Vec::new();
        for name in &remote.hosts {
            let (machine, banner) = match self.probe(name) {
                Ok(answer) => answer,
                Err(reason) if remote.on_loss == OnHostLoss::Continue => {
                    self.note(format!("The host `{name}` was left out: {reason}"));
                    continue;
                }
                Err(reason) => return Err(format!("the host `{name}` cannot be used: {reason}")),
            };
            if !banner.is_empty() {
                tell(&format!(
                    "`{name}` printed this before its worker began:\n{banner}"
                ));
            }
            if let Some(first) = found.first()
                && let Some(why) = unlike(&machine, &first.machine)
            {
                let text = format!("`{name}` is unlike the host `{}`: {why}", first.name);
                if !unlike_machines {
                    return Err(format!(
                        "the host {text}. Differences between launches would be the machines'; \
                         `--allow-different-machine` measures all the same"
                    ));
                }
                self.note(format!("The host {text}."));
            }
            found.push(Rc::new(RemoteHost {
                name: name.clone(),
                machine,
            }));
        }
        if found.is_empty() {
            let all = self.notes().join(" ");
            return Err(format!("no host can be used. {all}"));
        }
        self.hosts.left.replace(found);
        Ok(())
    }

    fn note(&self, sentence: String) {
        self.hosts.notes.borrow_mut().push(sentence);
    }

    /// What the host `name` is, where it can be used with this program, and what its launcher printed first.
    fn probe(&self, name: &str) -> Result<(Host, String), Unusable> {
        let explain = |error| self.explain(name, error);
        let mut worker = self.start(name).map_err(explain)?;
        let (program, machine) = match worker.ask(&Order::Identify).map_err(explain)? {
            Reply::Identity { program, host } => (program, host),
            other => return Err(explain(unexpected(&other))),
        };
        if program != self.fingerprint {
            return Err(format!(
                "its `{}` is another build than the one here; copy this one there, or say with `--remote-program` \
                 where it is",
                self.program.display()
            ));
        }
        Ok((machine, worker.banner()))
    }

    /// A worker on the host `name`, which has said hello.
    fn start(&self, name: &str) -> Result<ProcessWorker, AskError> {
        let Hosts {
            remote,
            timeout,
            nocapture,
            ..
        } = &*self.hosts;
        let words = remote.command(name);
        let (launcher, arguments) = words
            .split_first()
            .ok_or_else(|| failed("the launcher is empty".to_owned()))?;
        let mut command = Command::new(launcher);
        command
            .args(arguments)
            .arg(&self.program)
            .arg(WORKER_ARGUMENT);
        own_session(&mut command);
        let mut worker =
            ProcessWorker::start(&mut command, HANDSHAKE.min(*timeout), *nocapture, true)
                .map_err(|error| failed(format!("could not start `{launcher}`: {error}")))?;
        greet(&mut worker)?;
        worker.timeout = *timeout;
        Ok(worker)
    }

    /// What went wrong before anything was measured, and what to check.
    fn explain(&self, name: &str, error: AskError) -> Unusable {
        let failure = match error {
            AskError::Failed(failure) => failure,
            AskError::TimedOut(failure) => Failure {
                message: format!(
                    "no answer within {} s: it may ask for a password, or wait in a queue",
                    HANDSHAKE.min(self.hosts.timeout).as_secs_f64()
                ),
                ..failure
            },
            AskError::Interrupted => return "interrupted".to_owned(),
        };
        let words = self.hosts.remote.command(name).join(" ");
        let output = failure.output.as_deref().map_or(String::new(), last_words);
        format!(
            "{}. Check that `{words} true` works without asking anything, and that `{}` is there{output}",
            failure.message,
            self.program.display()
        )
    }

    /// The host of launch number `launch`.
    fn host(&self, launch: u32) -> Option<Rc<RemoteHost>> {
        let left = self.hosts.left.borrow();
        let place = (launch as usize).checked_rem(left.len())?;
        left.get(place).cloned()
    }
}

impl Spawn for Fleet {
    fn spawn(&self, launch: u32) -> Result<Box<dyn Worker>, AskError> {
        if !HOSTS {
            return Err(failed(needed("--launcher", "hosts")));
        }
        if let Some(why) = &*self.hosts.ended.borrow() {
            return Err(failed(why.clone()));
        }
        let host = self
            .host(launch)
            .ok_or_else(|| failed("no host is left".to_owned()))?;
        let worker = self.start(&host.name).map_err(|error| on(&host, error))?;
        Ok(Box::new(RemoteWorker { worker, host }))
    }

    // What may be inlined elsewhere takes all that it names along, `HOSTS` or not.
    #[inline(never)]
    fn inspect(&self, launch: u32) -> Loss {
        if !HOSTS {
            return Loss::None;
        }
        let ended = self.hosts.ended.borrow().is_some();
        let Some(host) = self.host(launch).filter(|_| !ended) else {
            return Loss::None;
        };
        // A host that still starts workers is not lost: what failed is the benchmark.
        let Err(reason) = self.probe(&host.name) else {
            return Loss::None;
        };
        let lost = format!("the host `{}` is lost: {reason}", host.name);
        self.note(format!("In mid-run, {lost}."));
        self.hosts
            .left
            .borrow_mut()
            .retain(|left| left.name != host.name);
        let none_left = self.hosts.left.borrow().is_empty();
        if none_left || self.hosts.remote.on_loss == OnHostLoss::Fail {
            self.hosts.ended.replace(Some(lost.clone()));
            return Loss::End(lost);
        }
        Loss::Again(lost)
    }
}

/// The last lines of what was printed, on one line.
fn last_words(output: &str) -> String {
    let lines: Vec<&str> = output
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let last = &lines[lines.len().saturating_sub(3)..];
    format!(". It printed: {}", excerpt(&last.join(" / "), SHORT_TEXT))
}

/// A failure that says on which host it was.
fn on(host: &RemoteHost, error: AskError) -> AskError {
    let name = |failure: Failure| Failure {
        message: format!("{} (on the host `{}`)", failure.message, host.name),
        ..failure
    };
    match error {
        AskError::Failed(failure) => AskError::Failed(name(failure)),
        AskError::TimedOut(failure) => AskError::TimedOut(name(failure)),
        AskError::Interrupted => AskError::Interrupted,
    }
}

/// A worker on another host.
struct RemoteWorker {
    worker: ProcessWorker,
    host: Rc<RemoteHost>,
}

impl Worker for RemoteWorker {
    fn send(&mut self, order: &Order) -> Result<(), AskError> {
        let sent = self.worker.send(order);
        sent.map_err(|error| on(&self.host, error))
    }

    fn receive(&mut self) -> Result<Reply, AskError> {
        let reply = self.worker.receive();
        reply.map_err(|error| on(&self.host, error))
    }

    fn host(&self) -> Option<&RemoteHost> {
        Some(&self.host)
    }
}
