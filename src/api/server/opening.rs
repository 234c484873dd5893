use std::io::Result;

use tokio::io::{AsyncReadExt as _, ReadBuf};
use tokio::net::TcpStream;

use super::frames::PREFACE;

/// The number of bytes that decide the protocol: `PRI *` is not the start of a valid request of HTTP/1
/// (RFC 9113, section 3.4).
const DECISIVE: usize = 5;

/// The first bytes of a connection, which decide its protocol. `Watched` gives them to hyper before it reads
/// the socket.
#[derive(Default)]
pub(super) struct Opening {
    bytes: [u8; DECISIVE],
    received: usize,
    replayed: usize,
}

impl Opening {
    /// Reads until the protocol is known or the client sends no more.
    pub(super) async fn read(socket: &mut TcpStream) -> Result<Self> {
        let mut opening = Self::default();
        while opening.received < DECISIVE && PREFACE.starts_with(&opening.bytes[..opening.received]) {
            match socket.read(&mut opening.bytes[opening.received..]).await? {
                0 => break,
                read => opening.received += read,
            }
        }
        Ok(opening)
    }

    /// Whether this is the start of the preface of HTTP/2.
    pub(super) fn is_http_2(&self) -> bool {
        self.bytes == PREFACE[..DECISIVE]
    }

    /// Copies the bytes that were not copied yet, as far as the buffer has room.
    pub(super) fn replay(&mut self, buffer: &mut ReadBuf<'_>) {
        let left = &self.bytes[self.replayed..self.received];
        let given = left.len().min(buffer.remaining());
        buffer.put_slice(&left[..given]);
        self.replayed += given;
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;

    use super::*;

    async fn opening(pieces: &[&[u8]]) -> Opening {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let mut socket = listener.accept().await.unwrap().0;
        let send = async {
            for piece in pieces {
                client.write_all(piece).await.unwrap();
                tokio::task::yield_now().await;
            }
            client.shutdown().await.unwrap();
        };
        tokio::join!(Opening::read(&mut socket), send).0.unwrap()
    }

    #[tokio::test]
    async fn the_protocol_is_known_from_pieces_of_any_size() {
        assert!(opening(&[PREFACE]).await.is_http_2());
        let bytes: Vec<&[u8]> = PREFACE.chunks(1).collect();
        assert!(opening(&bytes).await.is_http_2());
        for other in ["GET / HTTP/1.1\r\n", "P", "PRI ", "PRI /", ""] {
            assert!(!opening(&[other.as_bytes()]).await.is_http_2(), "{other}");
        }
    }

    #[tokio::test]
    async fn the_bytes_are_given_once_in_order() {
        let mut opening = opening(&[b"P", b"OST / HTTP/1.1\r\n"]).await;
        let mut space = [0; 8];
        let mut small = ReadBuf::new(&mut space[..2]);
        opening.replay(&mut small);
        assert_eq!(small.filled(), b"PO");
        let mut rest = ReadBuf::new(&mut space);
        opening.replay(&mut rest);
        opening.replay(&mut rest);
        assert_eq!(rest.filled(), b"ST ");
    }
}
