use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use poem::endpoint::make;
use poem::error::ReadBodyError;
use poem::http::StatusCode;
use poem::{IntoResponse as _, Request, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinSet;

use super::*;
use crate::api::budget::Budget;
use tokio::time::timeout;

/// Longer than anything here takes: a test that waits this long hangs.
const NEVER: Duration = Duration::from_mins(1);
const SOON: Duration = Duration::from_millis(50);
const PATIENT: Limits = Limits {
    header_timeout: NEVER,
    idle_timeout: NEVER,
    stall: NEVER,
    connections: 100,
    budget: Budget { connections: 400, http_2: 100, requests: 400, unsent: 64 << 20 },
    trusted: Vec::new(),
    grace: NEVER,
};
/// More than the socket buffers of both sides hold.
const LONG: usize = 64 << 20;
const HELLO: &str = "GET /hello HTTP/1.1\r\nhost: svc\r\n\r\n";
const WAIT: &str = "GET /wait HTTP/1.1\r\nhost: svc\r\n\r\n";

/// A server whose `/wait` responds when it is released.
struct Running {
    address: SocketAddr,
    shutdown: Shutdown,
    gate: Arc<Gate>,
    counts: Arc<HttpCounts>,
    server: JoinSet<()>,
}

struct Gate {
    entered: Semaphore,
    go: Semaphore,
    inside: AtomicUsize,
    most_inside: AtomicUsize,
}

impl Gate {
    fn new() -> Self {
        let (entered, go) = (Semaphore::new(0), Semaphore::new(0));
        Self { entered, go, inside: AtomicUsize::new(0), most_inside: AtomicUsize::new(0) }
    }

    /// Waits until one more request has arrived.
    async fn entered(&self) {
        within(self.entered.acquire()).await.unwrap().forget();
    }

    /// Releases one request.
    fn open(&self) {
        self.go.add_permits(1);
    }

    async fn answer(&self, request: Request) -> poem::Result<Response> {
        match request.uri().path() {
            "/wait" => {
                let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
                self.most_inside.fetch_max(inside, Ordering::SeqCst);
                self.entered.add_permits(1);
                self.go.acquire().await.unwrap().forget();
                self.inside.fetch_sub(1, Ordering::SeqCst);
            }
            "/read" => match request.into_body().into_bytes_limit(1024).await {
                Err(ReadBodyError::PayloadTooLarge) => return Err(StatusCode::PAYLOAD_TOO_LARGE.into()),
                read => drop(read?),
            },
            "/long" => return Ok(vec![0; LONG].into_response()),
            _ => {}
        }
        Ok("hello".into_response())
    }
}

impl Running {
    fn start(limits: Limits) -> Self {
        let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let (address, shutdown) = (listener.local_addr().unwrap(), Shutdown::default());
        let gate = Arc::new(Gate::new());
        let behind = Arc::clone(&gate);
        let endpoint = make(move |request| {
            let gate = Arc::clone(&behind);
            async move { gate.answer(request).await }
        });
        let mut server = JoinSet::new();
        let counts = Arc::new(HttpCounts::default());
        server.spawn(run_counting(listener, endpoint, limits, shutdown.clone(), counts.clone()));
        Self { address, shutdown, gate, counts, server }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Opens a connection and sends this text.
    async fn send(&self, text: &str) -> TcpStream {
        let mut socket = self.connect().await;
        socket.write_all(text.as_bytes()).await.unwrap();
        socket
    }

    async fn stop(self) {
        self.shutdown.begin(Duration::ZERO).await;
        within(self.server.join_all()).await;
    }
}

/// Fails the test instead of hanging.
async fn within<T>(done: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(20), done).await.expect("it hangs")
}

/// The response to one request on a connection that stays open.
async fn answer(socket: &mut TcpStream) -> String {
    let mut text = Vec::new();
    while !text.ends_with(b"hello") {
        let byte = within(socket.read_u8()).await.unwrap();
        text.push(byte);
    }
    String::from_utf8(text).unwrap()
}

/// All bytes until the other side closes.
async fn rest(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    within(socket.read_to_end(&mut bytes)).await.unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn an_unfinished_head_is_closed() {
    let server = Running::start(Limits { header_timeout: SOON, ..PATIENT });
    for begun in ["", "P", "PRI * HTTP/2.0\r\n", "GET / HT", "GET / HTTP/1.1\r\nhost: svc\r\n"] {
        let mut socket = server.send(begun).await;
        assert!(!rest(&mut socket).await.contains("hello"), "{begun}");
    }
    let mut socket = server.send(HELLO).await;
    answer(&mut socket).await;
    socket.write_all(b"GET / HT").await.unwrap();
    rest(&mut socket).await;
}

#[tokio::test]
async fn a_connection_rests_longer_than_a_head_may_take() {
    let server = Running::start(Limits { header_timeout: SOON, ..PATIENT });
    let mut resting = server.send(HELLO).await;
    answer(&mut resting).await;
    // Closed after the time that the other one has been idle for, too.
    rest(&mut server.connect().await).await;
    resting.write_all(HELLO.as_bytes()).await.unwrap();
    answer(&mut resting).await;
}

#[tokio::test]
async fn an_idle_connection_is_closed_and_a_busy_one_is_not() {
    let server = Running::start(Limits { idle_timeout: SOON, ..PATIENT });
    let mut busy = server.send(WAIT).await;
    server.gate.entered().await;
    let mut idle = server.send(HELLO).await;
    assert!(rest(&mut idle).await.ends_with("hello"));
    server.gate.open();
    answer(&mut busy).await;
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answer_is_closed() {
    let server = Running::start(Limits { stall: SOON, ..PATIENT });
    let mut stalled = server.send("GET /long HTTP/1.1\r\nhost: svc\r\n\r\n").await;
    within(stalled.readable()).await.unwrap();
    within(async {
        while server.counts.connections.get() > 0 {
            sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
    assert_eq!(server.counts.refused.stalled.get(), 1);
    let mut taken = Vec::new();
    let _ = within(stalled.read_to_end(&mut taken)).await;
    assert!(taken.len() < LONG);
}

#[tokio::test]
async fn half_a_head_does_not_hold_up_the_stop() {
    let server = Running::start(PATIENT);
    let mut halves = Vec::new();
    for begun in ["", "PRI * HT", "GET / HT"] {
        halves.push(server.send(begun).await);
    }
    let mut socket = server.send(HELLO).await;
    answer(&mut socket).await;
    socket.write_all(b"GET / HT").await.unwrap();
    server.stop().await;
    rest(&mut socket).await;
    drop(halves);
}

#[tokio::test]
async fn a_request_in_flight_finishes_and_nothing_new_begins() {
    let server = Running::start(PATIENT);
    let (address, gate) = (server.address, Arc::clone(&server.gate));
    let mut socket = server.send(WAIT).await;
    gate.entered().await;
    let client = async {
        while TcpStream::connect(address).await.is_ok() {}
        gate.open();
        assert!(rest(&mut socket).await.ends_with("hello"));
    };
    tokio::join!(server.stop(), client);
}

#[tokio::test]
async fn what_outlives_the_grace_is_aborted() {
    let server = Running::start(Limits { grace: SOON, ..PATIENT });
    let mut socket = server.send(WAIT).await;
    server.gate.entered().await;
    server.stop().await;
    assert_eq!(rest(&mut socket).await, "");
}

#[tokio::test]
async fn while_draining_connections_are_still_taken() {
    let server = Running::start(PATIENT);
    let mut begun = pin!(server.shutdown.begin(NEVER));
    assert!(futures_util::poll!(begun.as_mut()).is_pending() && server.shutdown.is_draining());
    answer(&mut server.send(HELLO).await).await;
}

#[tokio::test]
async fn a_connection_beyond_the_cap_waits_for_a_place() {
    let server = Running::start(Limits { connections: 2, ..PATIENT });
    let mut answers = JoinSet::new();
    for _ in 0..6 {
        let mut socket = server.send(WAIT).await;
        answers.spawn(async move { answer(&mut socket).await });
    }
    for _ in 0..6 {
        server.gate.entered().await;
        server.gate.open();
    }
    within(answers.join_all()).await;
    assert!(server.gate.most_inside.load(Ordering::SeqCst) <= 2);
}

#[tokio::test]
async fn a_body_that_is_cut_off_still_gets_its_answer() {
    let server = Running::start(PATIENT);
    let head = "POST /read HTTP/1.1\r\nhost: svc\r\ntransfer-encoding: chunked\r\n\r\n";
    let mut socket = server.send(head).await;
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x1_0000));
    let mut sent = 0;
    while sent < 16 << 20 && socket.write_all(chunk.as_bytes()).await.is_ok() {
        sent += chunk.len();
    }
    assert!(rest(&mut socket).await.starts_with("HTTP/1.1 413 "));
}

#[tokio::test]
async fn http_2_is_spoken_with_a_limit_on_streams() {
    let server = Running::start(PATIENT);
    let mut socket = server.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    socket.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
    let mut head = [0; 9];
    within(socket.read_exact(&mut head)).await.unwrap();
    assert_eq!(head[3], 4, "settings come first");
    let mut settings = vec![0; usize::from(head[2])];
    within(socket.read_exact(&mut settings)).await.unwrap();
    let streams = [0, 3, 0, 0, 0, 100];
    assert!(settings.chunks(6).any(|setting| setting == streams), "{settings:?}");
}
