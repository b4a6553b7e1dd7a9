//! A pool of four connections to a service, and more threads than that.

use std::io;
use std::net::SocketAddr;

use r2d2::{ManageConnection, Pool};
use scalebench::scale_bench;
use scalebench_services::http::{Client, Service};

/// Connections of the pool.
const CONNECTIONS: u32 = 4;

/// More than any pool here asks for at a time: the service is not what is waited for.
const BACKENDS: usize = 64;

/// How the pool makes its connections.
struct Connections(SocketAddr);

impl ManageConnection for Connections {
    type Connection = Client;
    type Error = io::Error;

    fn connect(&self) -> io::Result<Client> {
        Client::connect(self.0)
    }

    fn is_valid(&self, client: &mut Client) -> io::Result<()> {
        client.get("/ready").map(drop)
    }

    fn has_broken(&self, _: &mut Client) -> bool {
        false
    }
}

fn pool_to(address: SocketAddr) -> Result<Pool<Connections>, r2d2::Error> {
    Pool::builder()
        .max_size(CONNECTIONS)
        .test_on_check_out(false)
        .build(Connections(address))
}

/// Takes a connection from the pool, and asks for what takes the service 2 ms.
#[scale_bench(threads = [1, 2, 4, 8, 16])]
fn pooled(
    #[with(Service::start(BACKENDS)?)] service: &Service,
    #[with(pool_to(service.address())?)] pool: &Pool<Connections>,
) -> usize {
    let mut client = pool.get().expect("a connection within the pool's 30 s");
    client.get("/stored").expect("an answer")
}

/// The same with a connection for each thread.
#[scale_bench(threads = [1, 2, 4, 8, 16])]
fn own(
    #[with(Service::start(BACKENDS)?)] service: &Service,
    #[with(Client::connect(service.address())?)] client: &mut Client,
) -> usize {
    client.get("/stored").expect("an answer")
}

/// Clients in processes of their own, each with a pool for all its threads: more threads than connections gain nothing, and
/// another process brings a pool of its own.
#[scale_bench(processes = [1, 2, 4], threads = [4, 8])]
fn pool_in_each_process(
    #[shared(Service::start(BACKENDS)?)] address: &str,
    #[with(pool_to(address.parse()?)?)] pool: &Pool<Connections>,
) -> usize {
    let mut client = pool.get().expect("a connection within the pool's 30 s");
    client.get("/stored").expect("an answer")
}

scalebench::main!();
