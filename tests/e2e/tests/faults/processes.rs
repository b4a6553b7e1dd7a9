//! The processes that belong to a run: all of them inherit the variable that names its folder.

use std::path::Path;
use std::process::{Command, Stdio};

/// Processes of a home, the coordinator among them. Dead ones that nobody has asked after have no environment any more.
pub(crate) fn of_home(home: &Path) -> Vec<u32> {
    with(&[format!("SCALEBENCH_HOME={}\0", home.display())])
}

/// Worker processes of a home.
pub(crate) fn workers(home: &Path) -> Vec<u32> {
    with(&[
        format!("SCALEBENCH_HOME={}\0", home.display()),
        "SCALEBENCH_WORKER=".to_owned(),
    ])
}

fn with(parts: &[String]) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("a /proc").flatten();
    processes
        .filter_map(|process| {
            let number: u32 = process.file_name().to_str()?.parse().ok()?;
            let environment = std::fs::read(process.path().join("environ")).ok()?;
            let environment = String::from_utf8_lossy(&environment).into_owned();
            let is_its = parts.iter().all(|part| environment.contains(part));
            is_its.then_some(number)
        })
        .collect()
}

/// Sends a signal. The process may have ended meanwhile.
pub(crate) fn send(signal: &str, process: u32) {
    let _ = Command::new("kill")
        .args([signal, &process.to_string()])
        .stderr(Stdio::null())
        .status();
}
