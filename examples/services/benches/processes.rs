//! Requests to another process, which answers one at a time: through one channel for all threads, or one for each.

use std::io::{self, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use scalebench::scale_bench;

/// The other process, and the two ends of the pipes to it.
struct Peer {
    child: Child,
    /// Nothing once it is told to end.
    requests: Option<ChildStdin>,
    answers: ChildStdout,
}

impl Peer {
    fn start() -> io::Result<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_answer"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let requests = child.stdin.take();
        let answers = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self {
            child,
            requests,
            answers,
        })
    }

    fn ask(&mut self, number: u64) -> io::Result<u64> {
        let requests = self.requests.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        requests.write_all(&number.to_le_bytes())?;
        let mut answer = [0; 8];
        self.answers.read_exact(&mut answer)?;
        Ok(u64::from_le_bytes(answer))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // The end of its input ends it. It also comes when this process is killed, so that nothing is left running.
        drop(self.requests.take());
        let _ = self.child.wait();
    }
}

/// One process for all threads, one request at a time.
#[scale_bench(threads = [1, 2, 4])]
fn one_for_all(#[with(Mutex::new(Peer::start()?))] peer: &Mutex<Peer>) -> u64 {
    peer.lock().expect("no panic").ask(7).expect("an answer")
}

/// A process for each thread.
#[scale_bench(threads = [1, 2, 4])]
fn one_for_each(#[with(Peer::start()?)] peer: &mut Peer) -> u64 {
    peer.ask(7).expect("an answer")
}

scalebench::main!();
