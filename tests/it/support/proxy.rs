//! A way to PostgreSQL that breaks when it is told to.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use svc::shutdown::Tasks;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use url::Url;

use super::TestDatabase;

/// Begins the message by which the server says that it is done with a request (protocol 3.0, `ReadyForQuery`).
const READY: u8 = b'Z';

/// The message that asks for nothing else (`Sync`). A pool tries connections by it at times of its own, so neither it
/// nor its answer counts.
const SYNC: &[u8] = b"S\0\0\0\x04";

/// What passes and what does not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Everything.
    Up,
    /// Nothing, though connections stay open and new ones are taken.
    Frozen,
    /// Nothing: connections are closed and new ones refused.
    Down,
}

/// Which way something is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// On its way to the server: it does nothing.
    Request,
    /// On its way back: the server has done it.
    Answer,
}

/// A proxy in front of a test's database.
pub struct Proxy {
    server: SocketAddr,
    /// Keeps the port while nobody listens, so that nobody else takes it.
    reserved: TcpSocket,
    mode: watch::Sender<Mode>,
    cut: Arc<Cut>,
    tasks: Tasks,
}

/// The connection that is to break: after so many more requests or answers.
#[derive(Default)]
struct Cut(Mutex<Option<(usize, Lost)>>);

impl Proxy {
    /// In front of this database, letting everything pass.
    pub fn before(database: &TestDatabase) -> Self {
        let url = Url::parse(&database.url()).unwrap();
        let server = url.socket_addrs(|| Some(5432)).unwrap()[0];
        let reserved = socket("127.0.0.1:0".parse().unwrap());
        let (mode, _) = watch::channel(Mode::Down);
        let proxy = Self { server, reserved, mode, cut: Arc::default(), tasks: Tasks::default() };
        proxy.up();
        proxy
    }

    /// The database's URL by this way.
    pub fn url(&self, database: &TestDatabase) -> String {
        let mut url = Url::parse(&database.url()).unwrap();
        let address = self.reserved.local_addr().unwrap();
        url.set_ip_host(address.ip()).unwrap();
        url.set_port(Some(address.port())).unwrap();
        // What is encrypted cannot be told apart on the way.
        url.query_pairs_mut().append_pair("sslmode", "disable");
        url.into()
    }

    /// Breaks a connection: `passed` requests or answers pass from now on, and the next one is lost.
    pub fn cut(&self, passed: usize, lost: Lost) {
        *self.cut.0.lock().unwrap() = Some((passed, lost));
    }

    /// Forgets a cut that has not happened; whether it had.
    pub fn was_cut(&self) -> bool {
        self.cut.0.lock().unwrap().take().is_none()
    }

    /// Closes every connection and refuses new ones.
    pub fn down(&self) {
        self.mode.send_replace(Mode::Down);
    }

    /// Lets nothing pass any more, and closes nothing.
    pub fn freeze(&self) {
        self.mode.send_replace(Mode::Frozen);
    }

    /// Lets everything pass again.
    pub fn up(&self) {
        if self.mode.send_replace(Mode::Up) == Mode::Down {
            let listener = socket(self.reserved.local_addr().unwrap()).listen(64).unwrap();
            let (server, mode, cut) = (self.server, self.mode.subscribe(), self.cut.clone());
            let tasks = self.tasks.clone();
            self.tasks.spawn(async move {
                let mut listening = mode.clone();
                tokio::select! {
                    () = accept(listener, server, &mode, &cut, &tasks) => {}
                    _ = listening.wait_for(|mode| *mode == Mode::Down) => {}
                }
            });
        }
    }
}

/// Two may have one port when both say so.
fn socket(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseport(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

async fn accept(
    listener: TcpListener,
    server: SocketAddr,
    mode: &watch::Receiver<Mode>,
    cut: &Arc<Cut>,
    tasks: &Tasks,
) {
    while let Ok((client, _)) = listener.accept().await {
        let (mode, cut) = (mode.clone(), cut.clone());
        tasks.spawn(async move {
            let mut open = mode.clone();
            // However it ends, both sides are closed at once.
            tokio::select! {
                _ = connect(client, server, mode, &cut) => {}
                _ = open.wait_for(|mode| *mode == Mode::Down) => {}
            }
        });
    }
}

async fn connect(
    client: TcpStream,
    server: SocketAddr,
    mut mode: watch::Receiver<Mode>,
    cut: &Cut,
) -> io::Result<()> {
    passing(&mut mode).await;
    let server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    tokio::select! {
        ended = requests(from_client, to_server, mode.clone(), cut) => ended,
        ended = answers(from_server, to_client, mode.clone(), cut) => ended,
    }
}

/// A client writes a request at once and then waits.
async fn requests(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut mode: watch::Receiver<Mode>,
    cut: &Cut,
) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = from.read(&mut buffer).await?;
        let request = &buffer[..read];
        if read == 0 || request != SYNC && cut.falls_on(Lost::Request) {
            return Ok(());
        }
        passing(&mut mode).await;
        to.write_all(request).await?;
    }
}

/// An answer is all messages up to the one that says that the server is ready again. Each passes at once, since
/// the server asks back while somebody logs in; the last one is held.
async fn answers(
    from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut mode: watch::Receiver<Mode>,
    cut: &Cut,
) -> io::Result<()> {
    let mut from = BufReader::new(from);
    let mut says_something = false;
    loop {
        let kind = from.read_u8().await?;
        let length = from.read_u32().await?;
        let mut message = vec![kind];
        message.extend(length.to_be_bytes());
        // The length counts itself.
        message.resize(1 + length as usize, 0);
        from.read_exact(&mut message[5..]).await?;
        if kind != READY {
            says_something = true;
        } else if std::mem::take(&mut says_something) && cut.falls_on(Lost::Answer) {
            return Ok(());
        }
        passing(&mut mode).await;
        to.write_all(&message).await?;
    }
}

/// Waits while nothing passes.
async fn passing(mode: &mut watch::Receiver<Mode>) {
    let _ = mode.wait_for(|mode| *mode != Mode::Frozen).await;
}

impl Cut {
    fn falls_on(&self, way: Lost) -> bool {
        let mut plan = self.0.lock().unwrap();
        match *plan {
            Some((0, lost)) if lost == way => {
                *plan = None;
                true
            }
            Some((passed, lost)) if lost == way => {
                *plan = Some((passed - 1, lost));
                false
            }
            _ => false,
        }
    }
}
