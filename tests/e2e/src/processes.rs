//! Benchmarks that several processes call.

use std::fmt;
use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use scalebench::scale_bench;

/// A file that goes when its owner does.
pub(crate) struct LockFile(PathBuf);

impl LockFile {
    /// In the folder of the run, so that a test can look for it.
    pub(crate) fn new() -> Self {
        let folder = std::env::var_os("SCALEBENCH_HOME").unwrap_or_else(|| ".".into());
        let path = PathBuf::from(folder).join(format!("lock-of-{}", std::process::id()));
        File::create(&path).expect("writable");
        Self(path)
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).expect("still there: nobody else removes it");
    }
}

impl fmt::Display for LockFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(f)
    }
}

/// One process at a time: efficiency 1/N, blocked.
#[scale_bench(processes = [1, 2, 4])]
fn one_at_a_time(
    #[shared(LockFile::new())] path: &str,
    #[with(File::open(path)?)] file: &mut File,
) {
    file.lock().expect("a lock");
    std::thread::sleep(Duration::from_millis(2));
    file.unlock().expect("it was locked");
}

/// Waits share nothing: efficiency 1.
#[scale_bench(processes = [1, 2, 4])]
fn free_wait() {
    std::thread::sleep(Duration::from_millis(2));
}

/// A server that answers each byte with it, one connection a thread.
struct Echo(String);

impl Echo {
    fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || answer(stream));
            }
        });
        Ok(Self(address))
    }
}

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut byte = [0];
    loop {
        stream.read_exact(&mut byte)?;
        stream.write_all(&byte)?;
    }
}

impl fmt::Display for Echo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Clients in processes of their own, and one server for all.
#[scale_bench(processes = [1, 2])]
fn request(
    #[shared(Echo::start()?)] address: &str,
    #[with(TcpStream::connect(address)?)] connection: &mut TcpStream,
    #[values(1, 7)] byte: u8,
) -> u8 {
    let mut answer = [byte];
    connection.write_all(&answer).expect("the server listens");
    connection
        .read_exact(&mut answer)
        .expect("the server answers");
    answer[0]
}

/// The second process of a run does not stand it.
#[scale_bench(processes = [1, 2], ignore)]
fn panics_in_one_process(#[shared(LockFile::new())] path: &str) {
    let mine = File::open(path).expect("there");
    if mine.try_lock().is_err() {
        panic!("the planted panic of one process");
    }
    std::mem::forget(mine);
    std::thread::sleep(Duration::from_millis(1));
}

/// What all share cannot be made.
#[scale_bench(processes = [1, 2], ignore)]
fn cannot_share(#[shared(TcpListener::bind("256.0.0.1:1").map(|_| "x")?)] _address: &str) {}
