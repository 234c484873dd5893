//! A proxy to PostgreSQL, Redis or RabbitMQ that breaks on request.
//!
//! **Here**: the current state of the proxy (`traffic`), the relaying of bytes (`relay`), and the one request
//! or answer of PostgreSQL that is to be the last (`cut`).

mod cut;
mod relay;
mod traffic;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use svc::tasks::Tasks;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use url::Url;

use cut::Cut;
use traffic::Traffic;

/// The direction of the traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the server. A lost request is not executed.
    Request,
    /// From the server. The request of a lost answer was executed.
    Answer,
}

/// A proxy in front of a server.
pub struct Proxy {
    url: Url,
    server: SocketAddr,
    /// Keeps the port while the proxy does not listen, so that no other process takes it.
    reserved: TcpSocket,
    traffic: watch::Sender<Traffic>,
    cut: Arc<Cut>,
    tasks: Tasks,
}

impl Proxy {
    /// Starts a proxy that passes everything to the server of this URL.
    pub fn before(url: &str) -> Self {
        let url = Url::parse(url).unwrap();
        let port = || {
            Some(match url.scheme() {
                "redis" => 6379,
                "amqp" => 5672,
                _ => 5432,
            })
        };
        let server = url.socket_addrs(port).unwrap()[0];
        let reserved = socket("127.0.0.1:0".parse().unwrap());
        let (traffic, _) = watch::channel(Traffic::CLOSED);
        let proxy = Self { url, server, reserved, traffic, cut: Arc::default(), tasks: Tasks::default() };
        proxy.up();
        proxy
    }

    /// Returns the URL through the proxy.
    pub fn url(&self) -> String {
        let mut url = self.url.clone();
        let address = self.reserved.local_addr().unwrap();
        url.set_ip_host(address.ip()).unwrap();
        url.set_port(Some(address.port())).unwrap();
        if is_postgres(&url) {
            // Requests and answers cannot be distinguished in encrypted traffic.
            url.set_query(Some("sslmode=disable"));
        }
        url.into()
    }

    /// Breaks a connection to PostgreSQL: `passed` requests or answers pass from now on, and the next one is
    /// lost.
    pub fn cut(&self, passed: usize, lost: Way) {
        self.cut.plan(passed, lost);
    }

    /// Cancels a cut that has not happened. Returns whether it had.
    pub fn was_cut(&self) -> bool {
        self.cut.forget()
    }

    /// Closes every connection and refuses new ones.
    pub fn down(&self) {
        self.traffic.send_modify(|traffic| traffic.open = false);
    }

    /// Delays all traffic without closing a connection. Bytes that are sent while frozen arrive later.
    pub fn freeze(&self) {
        self.traffic.send_modify(|traffic| traffic.frozen = true);
    }

    /// Freezes the existing connections and lets new ones pass.
    pub fn stall(&self) {
        self.traffic.send_modify(|traffic| {
            (traffic.frozen, traffic.stalled) = (false, true);
            traffic.stalls += 1;
        });
    }

    /// Loses the traffic in this direction without closing a connection. A connection that has lost bytes
    /// stays mute.
    pub fn lose(&self, way: Way) {
        self.traffic.send_modify(|traffic| traffic.way(way).lost = true);
    }

    /// Delays the traffic in this direction.
    pub fn delay(&self, way: Way, by: Duration) {
        self.traffic.send_modify(|traffic| traffic.way(way).delay = by);
    }

    /// Resets every connection (RST) and accepts new ones.
    pub fn reset(&self) {
        self.traffic.send_modify(|traffic| traffic.resets += 1);
    }

    /// Lets everything pass again, without delay.
    pub fn up(&self) {
        let open = self.traffic.borrow().open();
        if !self.traffic.send_replace(open).open {
            let listener = socket(self.reserved.local_addr().unwrap()).listen(64).unwrap();
            let route = Route {
                server: self.server,
                traffic: self.traffic.subscribe(),
                cut: is_postgres(&self.url).then(|| self.cut.clone()),
            };
            let tasks = self.tasks.clone();
            self.tasks.spawn(async move {
                let mut listening = route.traffic.clone();
                tokio::select! {
                    () = accept(listener, route, &tasks) => {}
                    _ = listening.wait_for(|traffic| !traffic.open) => {}
                }
            });
        }
    }
}

/// The parts of the proxy that a connection needs.
#[derive(Clone)]
struct Route {
    server: SocketAddr,
    traffic: watch::Receiver<Traffic>,
    /// Present if requests and answers can be distinguished.
    cut: Option<Arc<Cut>>,
}

fn is_postgres(url: &Url) -> bool {
    url.scheme().starts_with("postgres")
}

/// Creates a socket that may share its port with another one that is created like this.
fn socket(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseport(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

async fn accept(listener: TcpListener, route: Route, tasks: &Tasks) {
    while let Ok((client, _)) = listener.accept().await {
        tasks.spawn(connect(client, route.clone()));
    }
}

/// Relays until the end, however it comes, then closes both sides at once.
async fn connect(mut client: TcpStream, route: Route) {
    let mut closing = route.traffic.clone();
    let resets = closing.borrow().resets;
    let mut server = None;
    let is_reset = tokio::select! {
        _ = relay::both_ways(&mut client, &mut server, &route) => false,
        closed = closing.wait_for(|traffic| !traffic.open || traffic.resets != resets) => {
            closed.is_ok_and(|traffic| traffic.open)
        }
    };
    if is_reset {
        for socket in server.iter().chain([&client]) {
            let _ = socket.set_zero_linger();
        }
    }
}
