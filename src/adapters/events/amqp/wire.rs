use std::io;
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lapin::runtime::default_runtime;
use lapin::tcp::{AMQPUriTcpExt, OwnedTLSConfig};
use lapin::types::LongString;
use lapin::uri::{AMQPScheme, AMQPUri};
use lapin::{AsyncTcpStream, Channel, Connection, ConnectionProperties};
use tokio::time::timeout;

use super::error::{AmqpError, in_time, in_time_of};
use super::place::Place;

/// How long a proper close may take. After that, the socket is shut down.
const LEAVE: Duration = Duration::from_secs(1);

/// One connection to the broker. Dropping it shuts the socket down, in whatever state lapin believes the
/// connection to be: lapin's thread ends, and the broker sees that the client has gone.
pub(super) struct Wire {
    connection: Connection,
    socket: Closing,
    left: Left,
}

/// A guard that makes the next connection use another node. It is dropped when connecting has failed or the
/// connection has ended.
struct Left {
    place: Arc<Place>,
    node: usize,
}

impl Drop for Left {
    fn drop(&mut self) {
        self.place.leave(self.node);
    }
}

/// The socket of a connection, once it exists.
#[derive(Clone, Default)]
struct Socket(Arc<Mutex<Option<TcpStream>>>);

/// A guard that shuts the socket down when it is dropped.
struct Closing(Socket);

impl Wire {
    /// Connects and logs in. `name` is the name of the connection in the broker's own tools.
    pub async fn open(place: &Arc<Place>, name: &str) -> Result<Self, AmqpError> {
        let (node, uri, patience) = place.node();
        let left = Left { place: place.clone(), node };
        let closing = Closing(Socket::default());
        let socket = closing.0.clone();
        let runtime = default_runtime()?;
        let own = runtime.clone();
        // lapin calls this on a thread of its own, which waits for the result.
        let connect = async move |uri: AMQPUri, _| {
            let plain = AMQPUri { scheme: AMQPScheme::AMQP, ..uri.clone() };
            let connecting = async {
                let stream = plain.connect_async(&own).await?;
                if let AsyncTcpStream::Plain(stream) = &stream {
                    socket.put(stream.get_ref().as_fd().try_clone_to_owned()?.into());
                }
                match uri.scheme {
                    AMQPScheme::AMQP => Ok(stream),
                    AMQPScheme::AMQPS => {
                        stream.into_tls(&uri.authority.host, OwnedTLSConfig::default().as_ref()).await
                    }
                }
            };
            let connected = timeout(patience, connecting).await;
            Ok(connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?)
        };
        let properties = ConnectionProperties::default().with_connection_name(LongString::from(name));
        let connecting = Connection::connector(uri.clone(), runtime, connect, properties);
        let connection = in_time_of(patience, "connecting", connecting).await?;
        Ok(Self { connection, socket: closing, left })
    }

    pub async fn channel(&self) -> Result<Channel, AmqpError> {
        in_time("opening a channel", self.connection.create_channel()).await
    }

    pub const fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Whether the broker blocks publishing until it has memory or disk space again.
    pub fn is_blocked(&self) -> bool {
        self.connection.status().blocked()
    }

    /// Ends the connection at once for all its users, and makes the next one use another node.
    pub fn cut(&self) {
        self.left.place.leave(self.left.node);
        self.socket.end();
    }

    /// Closes the connection properly if the broker answers in time.
    pub async fn close(&self) {
        let closing = timeout(LEAVE, self.connection.close(200, "OK".into()));
        if !matches!(closing.await, Ok(Ok(()))) {
            tracing::debug!("broker connection dropped without a close");
        }
    }
}

impl Socket {
    fn put(&self, socket: TcpStream) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(socket);
    }
}

impl Closing {
    fn end(&self) {
        if let Some(socket) = self.0.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // Shutting down a socket that is already closed fails.
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.end();
    }
}
