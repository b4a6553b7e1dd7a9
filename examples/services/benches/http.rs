//! An HTTP service over loopback. Each thread, or task, has a connection of its own and keeps it.

use std::io;

use scalebench::scale_bench;
use scalebench_services::http::{AsyncClient, Client, Service};

/// So many requests are served at a time by what stands behind the service.
const BACKENDS: usize = 4;

/// The service answers at once: what it costs is its thread, and the way there and back.
#[scale_bench(threads = [1, 2, 4])]
fn ready(
    #[with(Service::start(BACKENDS)?)] service: &Service,
    #[with(Client::connect(service.address())?)] client: &mut Client,
) -> usize {
    client.get("/ready").expect("an answer")
}

/// The answer waits for one of four backends, which take 2 ms each.
#[scale_bench(threads = [1, 2, 4, 8, 16])]
fn stored(
    #[with(Service::start(BACKENDS)?)] service: &Service,
    #[with(Client::connect(service.address())?)] client: &mut Client,
) -> usize {
    client.get("/stored").expect("an answer")
}

/// The same, asked by tasks on one thread.
#[scale_bench(tasks = [1, 2, 4, 8, 16], workers = 1)]
async fn stored_by_tasks(
    #[with(Service::start(BACKENDS)?)] service: &Service,
    #[with(AsyncClient::connect(service.address()).await?)] client: &mut AsyncClient,
) -> usize {
    client.get("/stored").await.expect("an answer")
}

/// The same as requests that arrive whether or not the last one is answered, at rising rates; up to 64 at a time. A
/// request that fails counts as an error.
#[scale_bench(load, threads = [64])]
fn stored_under_load(
    #[with(Service::start(BACKENDS)?)] service: &Service,
    #[with(Client::connect(service.address())?)] client: &mut Client,
) -> io::Result<usize> {
    client.get("/stored")
}

scalebench::main!();
