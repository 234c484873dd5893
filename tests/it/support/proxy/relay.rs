use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};

use super::cut::Cut;
use super::traffic::Gate;
use super::{Route, Way};

/// The first byte of the message that ends PostgreSQL's answer to a request (protocol 3.0, `ReadyForQuery`).
const READY: u8 = b'Z';

/// The message that requests nothing of PostgreSQL (`Sync`). A pool tests connections with it at its own
/// times, so neither this message nor its answer counts.
const SYNC: &[u8] = b"S\0\0\0\x04";

/// Relays everything between a client and the server, until one of them closes.
pub async fn both_ways(
    client: &mut TcpStream,
    server: &mut Option<TcpStream>,
    route: &Route,
) -> io::Result<()> {
    let mut there = Gate::new(route.traffic.clone(), Way::Request);
    let back = Gate::new(route.traffic.clone(), Way::Answer);
    there.thawed().await;
    let server = server.insert(TcpStream::connect(route.server).await?);
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let ((from_client, to_client), (from_server, to_server)) = (client.split(), server.split());
    let cut = route.cut.as_deref();
    tokio::select! {
        ended = requests(from_client, to_server, there, cut) => ended,
        ended = async {
            match cut {
                Some(cut) => answers(from_server, to_client, back, cut).await,
                None => requests(from_server, to_client, back, None).await,
            }
        } => ended,
    }
}

/// Relays requests as they are sent. A client of PostgreSQL writes a request at once and then waits.
async fn requests(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    mut gate: Gate,
    cut: Option<&Cut>,
) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = from.read(&mut buffer).await?;
        let sent = &buffer[..read];
        if read == 0 || sent != SYNC && cut.is_some_and(|cut| cut.falls_on(Way::Request)) {
            return Ok(());
        }
        if gate.passes().await {
            to.write_all(sent).await?;
        }
    }
}

/// Relays answers. An answer of PostgreSQL consists of all messages up to `ReadyForQuery`. Each message
/// passes at once, because the server asks back during a log-in; only the last one is held.
async fn answers(from: ReadHalf<'_>, mut to: WriteHalf<'_>, mut gate: Gate, cut: &Cut) -> io::Result<()> {
    let mut from = BufReader::new(from);
    let mut says_something = false;
    loop {
        let kind = from.read_u8().await?;
        let length = from.read_u32().await?;
        let mut message = vec![kind];
        message.extend(length.to_be_bytes());
        // The length includes itself.
        message.resize(1 + length as usize, 0);
        from.read_exact(&mut message[5..]).await?;
        if kind != READY {
            says_something = true;
        } else if std::mem::take(&mut says_something) && cut.falls_on(Way::Answer) {
            return Ok(());
        }
        if gate.passes().await {
            to.write_all(&message).await?;
        }
    }
}
