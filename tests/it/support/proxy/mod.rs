//! A way to PostgreSQL, Redis or RabbitMQ that breaks when it is told to.
//!
//! **Here**: what the way is like now (`traffic`), what passes on it (`relay`), and the one request or answer of
//! PostgreSQL that is to be the last (`cut`).

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

/// Which way something goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the server. What is lost here is not done.
    Request,
    /// Back from it. What is lost here was done.
    Answer,
}

/// A proxy in front of a server.
pub struct Proxy {
    url: Url,
    server: SocketAddr,
    /// Keeps the port while nobody listens, so that nobody else takes it.
    reserved: TcpSocket,
    traffic: watch::Sender<Traffic>,
    cut: Arc<Cut>,
    tasks: Tasks,
}

impl Proxy {
    /// In front of the server that this URL names, letting everything pass.
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

    /// The URL by this way.
    pub fn url(&self) -> String {
        let mut url = self.url.clone();
        let address = self.reserved.local_addr().unwrap();
        url.set_ip_host(address.ip()).unwrap();
        url.set_port(Some(address.port())).unwrap();
        if is_postgres(&url) {
            // What is encrypted cannot be told apart on the way.
            url.set_query(Some("sslmode=disable"));
        }
        url.into()
    }

    /// Breaks a connection to PostgreSQL: `passed` requests or answers pass from now on, and the next one is lost.
    pub fn cut(&self, passed: usize, lost: Way) {
        self.cut.plan(passed, lost);
    }

    /// Forgets a cut that has not happened; whether it had.
    pub fn was_cut(&self) -> bool {
        self.cut.forget()
    }

    /// Closes every connection and refuses new ones.
    pub fn down(&self) {
        self.traffic.send_modify(|traffic| traffic.open = false);
    }

    /// Lets nothing pass any more, and closes nothing. What was sent meanwhile arrives later.
    pub fn freeze(&self) {
        self.traffic.send_modify(|traffic| traffic.frozen = true);
    }

    /// Freezes the connections that there are and lets new ones pass.
    pub fn stall(&self) {
        self.traffic.send_modify(|traffic| {
            (traffic.frozen, traffic.stalled) = (false, true);
            traffic.stalls += 1;
        });
    }

    /// Loses what goes this way, and closes nothing: a connection that has lost something is mute for good.
    pub fn lose(&self, way: Way) {
        self.traffic.send_modify(|traffic| traffic.way(way).lost = true);
    }

    /// Lets everything that goes this way be late.
    pub fn delay(&self, way: Way, by: Duration) {
        self.traffic.send_modify(|traffic| traffic.way(way).delay = by);
    }

    /// Resets every connection (RST) and takes new ones.
    pub fn reset(&self) {
        self.traffic.send_modify(|traffic| traffic.resets += 1);
    }

    /// Lets everything pass again, at once.
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

/// What a connection needs to know.
#[derive(Clone)]
struct Route {
    server: SocketAddr,
    traffic: watch::Receiver<Traffic>,
    /// Where requests and answers can be told apart.
    cut: Option<Arc<Cut>>,
}

fn is_postgres(url: &Url) -> bool {
    url.scheme().starts_with("postgres")
}

/// Two may have one port when both say so.
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

/// However it ends, both sides are closed at once.
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
