//! Waiting for a process, but not for ever: a suite about hanging must not hang.

use std::io::Read;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Far more than any of the runs takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs the command to its end.
///
/// # Panics
/// When it does not end.
pub(crate) fn output(command: &mut Command) -> Output {
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    wait(child)
}

/// Waits for a process and takes what it prints where that is piped.
///
/// # Panics
/// When it does not end.
pub(crate) fn wait(child: Child) -> Output {
    wait_at_most(child, PATIENCE)
}

/// The same for what takes longer.
pub(crate) fn wait_at_most(mut child: Child, patience: Duration) -> Output {
    let read = |pipe: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
            bytes
        })
    };
    let out = read(child.stdout.take().map(|pipe| Box::new(pipe) as _));
    let err = read(child.stderr.take().map(|pipe| Box::new(pipe) as _));
    let begin = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("it is a child") {
            break status;
        }
        if begin.elapsed() > patience {
            let _ = child.kill();
            panic!("it hangs: {}", child.id());
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Output {
        status,
        stdout: out.join().expect("reading does not panic"),
        stderr: err.join().expect("reading does not panic"),
    }
}

/// Waits until something is so.
///
/// # Panics
/// When it is not so after `patience`.
pub(crate) fn wait_for(what: &str, patience: Duration, is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < patience, "no {what} within {patience:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// No panic, whatever else the program did; answers what it said on standard error.
pub(crate) fn no_panic(output: &Output, what: &dyn std::fmt::Debug) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.code() != Some(101) && !said.contains("panicked at"),
        "{what:?}: {said}"
    );
    said
}
