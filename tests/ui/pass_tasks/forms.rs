//! Every form of an async benchmark, in a crate that forbids what generated code might be tempted to do.
#![forbid(unsafe_code)]
#![deny(warnings)]

use std::future::ready;
use std::sync::Mutex;

use scalebench::scale_bench;

const TASKS: &[usize] = &[1, 4];

#[scale_bench]
async fn nothing() {}

#[scale_bench(threads = [1, 2])]
async fn workers(#[with(vec![1, 2])] own: &mut [u8]) -> Option<&u8> {
    own.first()
}

#[scale_bench(tasks = TASKS, workers = 2)]
async fn tasks<'a>(
    #[with(ready(String::from("a")).await)] shared: &'a str,
    #[with(ready(shared.len() + thread.index()).await)] own: &mut usize,
    #[with(ready(*own as u64).await)] input: u64,
    #[values(1, 2)] value: u32,
    #[values("a".to_owned())] text: String,
) -> &'a str {
    *own = input as usize % 7 + value as usize + text.len();
    shared
}

#[scale_bench(tasks = [1, 2], types = [u8, u16], consts = [1, 2], throughput = items(N))]
async fn generic<T: Default + Send + Sync, const N: usize>(
    #[with(Mutex::new(T::default()))] state: &Mutex<T>,
    #[with("7".parse()?)] number: u8,
    #[with(loaded().await?)] own: &mut u8,
) -> T {
    let _ = (number, own);
    std::mem::take(&mut *state.lock().unwrap())
}

async fn loaded() -> Result<u8, Box<dyn std::error::Error + Send + Sync>> {
    Ok(ready("7").await.parse()?)
}

#[scale_bench(ignore, name = "other")]
pub(crate) async fn values_only(#[values(1, 2)] value: u32, #[values("x")] text: &str) -> usize {
    value as usize + text.len()
}

fn main() {
    for (id, name) in [
        ("nothing", ""),
        ("workers", ""),
        ("tasks", "/value=1/text=a"),
        ("generic", "/T=u16/N=2"),
        ("other", "/value=2/text=x"),
    ] {
        let id = format!("{}::{id}{name}", module_path!());
        scalebench::__private::trial(&id, 2, 1_000_000).expect(&id);
    }
}
