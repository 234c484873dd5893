//! A way to a broker on which heartbeats pass and nothing else does: only a question shows that it is silent.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// A frame of AMQP 0-9-1: the type 8, channel 0, no bytes, the end.
const HEARTBEAT: [u8; 8] = [8, 0, 0, 0, 0, 0, 0, 0xce];

/// How often the client gets a heartbeat: more often than it expects one.
const BEAT: Duration = Duration::from_millis(200);

pub struct MuteProxy {
    pub port: u16,
    open: Arc<AtomicUsize>,
    is_mute: watch::Sender<bool>,
    /// Aborted together with the proxy.
    _connections: JoinSet<()>,
}

impl MuteProxy {
    /// Starts a proxy that passes everything to this server.
    pub async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (open, (is_mute, mute)) = (Arc::new(AtomicUsize::new(0)), watch::channel(false));
        let mut accepting = JoinSet::new();
        let counted = open.clone();
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let (open, mute) = (counted.clone(), mute.clone());
                connections.spawn(async move {
                    open.fetch_add(1, Ordering::Relaxed);
                    relay(client, server, mute).await;
                    open.fetch_sub(1, Ordering::Relaxed);
                });
            }
        });
        Self { port, open, is_mute, _connections: accepting }
    }

    /// How many connections there are.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// From now on clients get only heartbeats.
    pub fn mute(&self) {
        self.is_mute.send_replace(true);
    }
}

async fn relay(client: TcpStream, server: SocketAddr, is_mute: watch::Receiver<bool>) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let ((mut from_client, to_client), (from_server, mut to_server)) =
        (client.into_split(), server.into_split());
    let to_client = Mutex::new(to_client);
    tokio::select! {
        _ = copy(&mut from_client, &mut to_server) => {}
        _ = frames(from_server, &to_client, &is_mute) => {}
        _ = heartbeats(&to_client, is_mute.clone()) => {}
    }
}

/// Passes whole frames, so that a heartbeat fits in between.
async fn frames(
    mut from: OwnedReadHalf,
    to: &Mutex<OwnedWriteHalf>,
    is_mute: &watch::Receiver<bool>,
) -> std::io::Result<()> {
    loop {
        // Type, channel, length; then the bytes and the end.
        let mut frame = vec![0; 7];
        from.read_exact(&mut frame).await?;
        let length = u32::from_be_bytes([frame[3], frame[4], frame[5], frame[6]]);
        frame.resize(8 + usize::try_from(length).unwrap(), 0);
        from.read_exact(&mut frame[7..]).await?;
        if !*is_mute.borrow() {
            to.lock().await.write_all(&frame).await?;
        }
    }
}

async fn heartbeats(to: &Mutex<OwnedWriteHalf>, mut is_mute: watch::Receiver<bool>) -> std::io::Result<()> {
    let _ = is_mute.wait_for(|is_mute| *is_mute).await;
    loop {
        to.lock().await.write_all(&HEARTBEAT).await?;
        sleep(BEAT).await;
    }
}
