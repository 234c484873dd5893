//! The accept loop. That of poem has no header timeout, no connection limit and no back-off, and its shutdown
//! waits for a client that sent half a head.

mod activity;
mod frame_limits;
mod frames;
mod held;
mod limits;
mod lines;
mod opening;
mod outgoing;
mod watched;

use std::convert::Infallible;
use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Request};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::sleep;

use self::activity::{Activity, End};
use self::held::Holder;
pub use self::limits::Limits;
use self::opening::Opening;
use self::outgoing::Outgoing;
use self::watched::Watched;
use super::budget::{Connection, Flight, LONGEST_HEAD, Ledger, Refused, STREAMS};
use crate::api::middleware::client_address;
use crate::tasks::{Backoff, Shutdown, Tasks, return_memory_often};
use crate::telemetry::metrics::HttpCounts;

/// The maximum number of connections waiting to be accepted. The kernel may allow fewer.
const MOST_WAITING: u32 = 4096;
/// The first and the longest wait after accept errors.
const PAUSES: Backoff = Backoff::new(Duration::from_millis(5), Duration::from_secs(1));
/// The number of body bytes that a client may send on an HTTP/2 connection before they are read: the minimum
/// of the protocol.
const WINDOW: u32 = 65_535;
/// The kernel's buffer of a connection in each direction; Linux uses twice as much. By default the kernel
/// would buffer megabytes of unread responses, and copying them takes time from all other connections.
const SOCKET_BUFFER: u32 = 32 * 1024;
/// The maximum size of one write of responses.
const MOST_WRITTEN: usize = 64 * 1024;

/// Opens the port, with bounded kernel buffers per connection. The backlog of the standard library is 128
/// connections; a client beyond it waits a second for its next attempt.
pub fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    // Accepted connections inherit these, before their window is negotiated.
    socket.set_send_buffer_size(SOCKET_BUFFER)?;
    socket.set_recv_buffer_size(SOCKET_BUFFER)?;
    socket.bind(address)?;
    socket.listen(MOST_WAITING)
}

/// Serves until the shutdown. Returns when all connections have ended, at the latest after `limits.grace`.
pub async fn run(
    listener: TcpListener,
    endpoint: impl Endpoint + 'static,
    limits: Limits,
    shutdown: Shutdown,
) {
    run_counting(listener, endpoint, limits, shutdown, Arc::default()).await;
}

/// Like [`run`], and counts the open connections.
pub async fn run_counting(
    listener: TcpListener,
    endpoint: impl Endpoint + 'static,
    limits: Limits,
    shutdown: Shutdown,
    counts: Arc<HttpCounts>,
) {
    let connections = Tasks::default();
    let either = http(&limits, connections.clone());
    let http1 = either.clone().http1_only();
    let ledger = Ledger::new(limits.budget, limits.trusted.clone(), counts.clone());
    let holder = Holder::new(connections.clone(), shutdown.clone());
    let server = Arc::new(Server { either, http1, endpoint, limits, ledger, holder, shutdown, counts });
    tokio::select! {
        () = accept(&listener, &server, &connections) => {}
        never = return_memory_often(&connections) => match never {},
        () = server.shutdown.stopping() => {}
    }
    drop(listener);
    let left = connections.finish(server.limits.grace).await;
    if left > 0 {
        tracing::warn!(left, "shutdown timed out, open connections aborted");
    }
}

/// HTTP/1.1, and HTTP/2 for clients that send its preface.
fn http(limits: &Limits, connections: Tasks) -> auto::Builder<Tasks> {
    let mut http = auto::Builder::new(connections);
    http.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(LONGEST_HEAD);
    http.http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(number(STREAMS))
        .max_header_list_size(number(LONGEST_HEAD))
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
        .max_send_buf_size(MOST_WRITTEN)
        .keep_alive_interval(limits.header_timeout)
        .keep_alive_timeout(limits.header_timeout);
    http
}

/// Converts to the number type of HTTP/2.
fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Accepts connections; never returns.
async fn accept(listener: &TcpListener, server: &Arc<Server<impl Endpoint + 'static>>, connections: &Tasks) {
    let most = server.limits.connections.min(server.limits.budget.connections);
    let slots = Arc::new(Semaphore::new(most));
    let mut backoff = PAUSES;
    while let Ok(slot) = Arc::clone(&slots).acquire_owned().await {
        match listener.accept().await {
            Ok((socket, peer)) => {
                backoff.reset();
                // Prevents one address from using up all connections.
                match Connection::open(&server.ledger, peer.ip()) {
                    Some(connection) => {
                        let server = Arc::clone(server);
                        connections.spawn(async move {
                            server.serve(socket, peer, connection).await;
                            drop(slot);
                        });
                    }
                    None => server.holder.hold(socket),
                }
            }
            Err(error) if is_about_the_peer(&error) => {}
            Err(error) => {
                let pause = backoff.wait();
                tracing::warn!(%error, ?pause, "failed to accept connections");
                sleep(pause).await;
            }
        }
    }
}

/// Whether an accept error concerns only that connection. Other errors, such as too many open files, would
/// repeat at once.
fn is_about_the_peer(error: &Error) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Whether the HTTP/2 library ended a connection for too many frames, such as requests that were reset before
/// they were begun.
fn is_flood(error: &(dyn std::error::Error + 'static)) -> bool {
    let own = error.downcast_ref::<h2::Error>();
    own.is_some_and(|error| error.is_library() && error.reason() == Some(h2::Reason::ENHANCE_YOUR_CALM))
        || error.source().is_some_and(is_flood)
}

struct Server<E> {
    either: auto::Builder<Tasks>,
    http1: auto::Builder<Tasks>,
    endpoint: E,
    limits: Limits,
    ledger: Arc<Ledger>,
    holder: Holder,
    shutdown: Shutdown,
    counts: Arc<HttpCounts>,
}

impl<E: Endpoint + 'static> Server<E> {
    async fn serve(self: Arc<Self>, mut socket: TcpStream, peer: SocketAddr, connection: Arc<Connection>) {
        // A small response must not wait for the acknowledgement of the previous one.
        let (Ok(()), Ok(local)) = (socket.set_nodelay(true), socket.local_addr()) else { return };
        let _open = self.counts.connections.hold();
        let activity = Activity::new();
        let opening = tokio::select! {
            biased;
            opening = Opening::read(&mut socket) => opening,
            _ = activity.abandoned(&self.limits) => return,
            () = self.shutdown.stopping() => return,
        };
        let Ok(opening) = opening else { return };
        // hyper would detect the protocol too, but by reading the first 24 bytes on their own. The rest of
        // the request then does not fit its buffer, and it allocates one of twice the size for the whole
        // connection.
        let http = if opening.is_http_2() { &self.either } else { &self.http1 };
        if opening.is_http_2() && !connection.speaks_http_2() {
            return self.holder.refuse_http_2(socket, connection).await;
        }
        let service = service_fn(|request: hyper::Request<Incoming>| {
            let (server, running) = (Arc::clone(&self), activity.begin(request.version()));
            // Counted in the order of arrival.
            let (request, flight) = self.counted(request, local, peer, &connection);
            let activity = Arc::clone(&activity);
            async move {
                let _running = running;
                let answer: hyper::Response<_> = server.endpoint.get_response(request).await.into();
                Ok::<_, Infallible>(answer.map(|body| Outgoing::new(body, activity, flight)))
            }
        });
        let socket = Watched::new(opening, socket, Arc::clone(&activity), Arc::clone(&connection));
        let mut served = pin!(http.serve_connection(TokioIo::new(socket), service));
        tokio::select! {
            // First the connection itself: a request that has already arrived is served in any case.
            biased;
            served = served.as_mut() => {
                if served.is_err_and(|error| is_flood(&*error)) {
                    connection.flooded();
                }
                return;
            }
            end = activity.abandoned(&self.limits) => {
                if end == End::Stalled {
                    connection.refused().stalled.add(1);
                }
                return;
            }
            () = self.shutdown.stopping() => {}
        }
        // Half a head is not a request yet, and hyper would wait for the rest.
        if !activity.is_at_a_head() {
            served.as_mut().graceful_shutdown();
            let _ = served.await;
        }
    }

    /// The request for the endpoint, and its part of the budget until its response is sent.
    fn counted(
        &self,
        request: hyper::Request<Incoming>,
        local: SocketAddr,
        peer: SocketAddr,
        connection: &Arc<Connection>,
    ) -> (Request, Option<Arc<Flight>>) {
        let (local, peer) = (LocalAddr(Addr::socket(local)), RemoteAddr(Addr::socket(peer)));
        let mut request = Request::from((request, local, peer, Scheme::HTTP));
        let flight = connection.begin(client_address(&request, self.ledger.trusted()));
        match &flight {
            Some(flight) => request.set_data(Arc::clone(flight)),
            None => request.set_data(Refused),
        }
        (request, flight)
    }
}

#[cfg(test)]
mod tests;
