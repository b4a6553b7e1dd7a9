//! An HTTP service on a thread of its own, and clients that keep their connection.

use std::convert::Infallible;
use std::fmt;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::sleep;

/// What stands behind the service answers within 2 ms: tokio's timer ticks every millisecond, and this ends at the
/// second tick.
const BACKEND: Duration = Duration::from_micros(1500);

/// The longest answer that a client takes, in bytes.
const LONGEST: usize = 4096;

/// A running service: `/ready` is answered at once, `/stored` once what stands behind the service has answered.
///
/// It has one thread and listens on a port of the loopback device that the system chose. Dropping it ends both.
#[derive(Debug)]
pub struct Service {
    address: SocketAddr,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Service {
    /// Starts it; `backends` requests for `/stored` are served at a time, the others wait.
    ///
    /// # Errors
    /// When there is no port, or no thread.
    pub fn start(backends: usize) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let listener = {
            let _runtime = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel();
        let serve = move || {
            runtime.spawn(accept(listener, Arc::new(Semaphore::new(backends))));
            // Nothing is ever sent: it ends when the sender is dropped. The connections end with the runtime.
            let _ = runtime.block_on(stopped);
        };
        let thread = thread::Builder::new().name("http".into()).spawn(serve)?;
        Ok(Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// The address.
impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address.fmt(f)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the service was reported by the calls that it left without an answer.
            let _ = thread.join();
        }
    }
}

async fn accept(listener: tokio::net::TcpListener, backends: Arc<Semaphore>) {
    while let Ok((stream, _)) = listener.accept().await {
        let backends = backends.clone();
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            let service = service_fn(|request| answer(request, &backends));
            // It fails when the client leaves in the middle of a request, which is the client's business.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    backends: &Semaphore,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, body) = match request.uri().path() {
        "/ready" => (StatusCode::OK, "ready"),
        "/stored" => {
            let _permit = backends.acquire().await;
            sleep(BACKEND).await;
            (StatusCode::OK, "stored")
        }
        _ => (StatusCode::NOT_FOUND, ""),
    };
    let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
    *response.status_mut() = status;
    Ok(response)
}

/// A client that blocks its thread, with one connection for all its requests.
#[derive(Debug)]
pub struct Client(TcpStream);

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens there.
    pub fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self(stream))
    }

    /// Asks for a path, and returns the length of the answer's body in bytes.
    ///
    /// # Errors
    /// When the connection fails, or the answer is not a 200.
    pub fn get(&mut self, path: &str) -> io::Result<usize> {
        self.0.write_all(request(path).as_bytes())?;
        let (mut buffer, mut filled) = ([0; LONGEST], 0);
        loop {
            match self.0.read(&mut buffer[filled..])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => filled += more,
            }
            if let Some(length) = whole(&buffer[..filled])? {
                return Ok(length);
            }
        }
    }
}

/// The same for a task.
#[derive(Debug)]
pub struct AsyncClient(tokio::net::TcpStream);

impl AsyncClient {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens there.
    pub async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = tokio::net::TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self(stream))
    }

    /// Asks for a path, and returns the length of the answer's body in bytes.
    ///
    /// # Errors
    /// When the connection fails, or the answer is not a 200.
    pub async fn get(&mut self, path: &str) -> io::Result<usize> {
        self.0.write_all(request(path).as_bytes()).await?;
        let (mut buffer, mut filled) = ([0; LONGEST], 0);
        loop {
            match self.0.read(&mut buffer[filled..]).await? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => filled += more,
            }
            if let Some(length) = whole(&buffer[..filled])? {
                return Ok(length);
            }
        }
    }
}

fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n")
}

/// The length of the body once head and body are there.
fn whole(answer: &[u8]) -> io::Result<Option<usize>> {
    let invalid = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return match answer.len() {
            LONGEST => Err(invalid("the answer is longer than expected")),
            _ => Ok(None),
        };
    };
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    if !status.starts_with("http/1.1 200") {
        return Err(invalid(&format!("the answer is `{status}`")));
    }
    let length = lines.find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    let length: usize = length.ok_or_else(|| invalid("the answer has no length"))?;
    Ok((answer.len() >= end + 4 + length).then_some(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_over_one_connection_until_the_service_is_dropped() {
        let service = Service::start(1).expect("a service");
        let mut client = Client::connect(service.address()).expect("a connection");
        assert_eq!(client.get("/ready").expect("an answer"), 5);
        assert_eq!(client.get("/stored").expect("an answer"), 6);
        let fault = client.get("/missing").expect_err("no such path");
        assert!(fault.to_string().contains("404"), "{fault}");
        let address = service.address();
        drop(service);
        client.get("/ready").expect_err("nobody answers");
        Client::connect(address).expect_err("nobody listens");
    }

    #[test]
    fn an_answer_is_whole_when_all_of_its_body_is_there() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
        assert_eq!(whole(answer).expect("valid"), Some(3));
        assert_eq!(whole(&answer[..answer.len() - 1]).expect("valid"), None);
        assert_eq!(whole(&answer[..20]).expect("valid"), None);
        whole(b"HTTP/1.1 200 OK\r\n\r\n").expect_err("no length");
    }
}
