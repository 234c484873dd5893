//! HTTP/2 frame by frame, for sequences that no library sends.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::client::Client;

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const PRIORITY: u8 = 2;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PING: u8 = 6;
pub const GOAWAY: u8 = 7;
pub const WINDOW_UPDATE: u8 = 8;

pub const END_STREAM: u8 = 1;
pub const END_HEADERS: u8 = 4;

pub const INITIAL_WINDOW_SIZE: u16 = 4;

/// The error code for a client that sends too much.
pub const ENHANCE_YOUR_CALM: u32 = 11;

/// No answer takes this long; a test that waits longer hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// A connection on which a test sends any frames.
pub struct Http2 {
    socket: TcpStream,
    last: u32,
}

/// A frame that the service sent.
#[derive(Debug)]
pub struct Frame {
    pub kind: u8,
    pub flags: u8,
    pub stream: u32,
    pub payload: Vec<u8>,
}

/// How a stream ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ended {
    /// With an answer; this is its body.
    Answered(Vec<u8>),
    /// With `RST_STREAM` and this error code.
    Reset(u32),
    /// With the connection, after `GOAWAY` with this error code.
    GoneAway(u32),
    /// With the connection.
    Closed,
}

impl Http2 {
    /// Connects, with these settings of the client.
    pub async fn connect(client: &Client, settings: &[(u16, u32)]) -> Self {
        let mut socket = TcpStream::connect(client.base.trim_start_matches("http://")).await.unwrap();
        let one = |(id, value): &(u16, u32)| [&id.to_be_bytes()[..], &value.to_be_bytes()].concat();
        let payload: Vec<u8> = settings.iter().flat_map(one).collect();
        let begin = [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &frame(SETTINGS, 0, 0, &payload)].concat();
        // A client that may not use HTTP/2 is disconnected, perhaps before all of it is sent.
        let _ = socket.write_all(&begin).await;
        Self { socket, last: 0 }
    }

    /// Sends bytes. Returns false if the service has closed the connection.
    pub async fn send(&mut self, bytes: &[u8]) -> bool {
        self.socket.write_all(bytes).await.is_ok()
    }

    /// Returns the id of the next stream.
    pub fn next_stream(&mut self) -> u32 {
        self.last = if self.last == 0 { 1 } else { self.last + 2 };
        self.last
    }

    /// Sends a request with these fields and no body. Returns its stream.
    pub async fn request(&mut self, fields: &[(&str, &str)]) -> u32 {
        let stream = self.next_stream();
        self.send(&frame(HEADERS, END_HEADERS | END_STREAM, stream, &block(fields))).await;
        stream
    }

    /// Reads the next frame; `None` if the connection has ended.
    pub async fn next(&mut self) -> Option<Frame> {
        let read = async {
            let mut head = [0; 9];
            self.socket.read_exact(&mut head).await.ok()?;
            let mut payload = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
            self.socket.read_exact(&mut payload).await.ok()?;
            let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
            Some(Frame { kind: head[3], flags: head[4], stream, payload })
        };
        tokio::time::timeout(PATIENCE, read).await.expect("no frame came")
    }

    /// Reads until the head of the answer on this stream has arrived.
    pub async fn answered(&mut self, stream: u32) {
        while self.next().await.is_some_and(|frame| frame.kind != HEADERS || frame.stream != stream) {}
    }

    /// Reads until this stream ends.
    pub async fn ended(&mut self, stream: u32) -> Ended {
        let mut body = Vec::new();
        while let Some(frame) = self.next().await {
            let code = |at: usize| u32::from_be_bytes(frame.payload[at..at + 4].try_into().unwrap());
            match frame.kind {
                GOAWAY => return Ended::GoneAway(code(4)),
                RST_STREAM if frame.stream == stream => return Ended::Reset(code(0)),
                DATA if frame.stream == stream => body.extend_from_slice(&frame.payload),
                _ => {}
            }
            if frame.stream == stream && frame.flags & END_STREAM != 0 && frame.kind <= HEADERS {
                return Ended::Answered(body);
            }
        }
        Ended::Closed
    }

    /// Returns the status and the code of the problem that this stream ends with.
    pub async fn rejection(&mut self, stream: u32) -> (u64, String) {
        let ended = self.ended(stream).await;
        let Ended::Answered(body) = &ended else { panic!("{ended:?}") };
        let problem: Value = serde_json::from_slice(body).expect("a problem");
        (problem["status"].as_u64().unwrap(), problem["code"].as_str().unwrap().to_owned())
    }
}

/// Returns the fields of a `GET` of this path.
pub fn get(path: &str) -> [(&str, &str); 4] {
    [(":method", "GET"), (":scheme", "http"), (":path", path), (":authority", "svc.test")]
}

/// Encodes a frame.
pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// Encodes fields in the simplest form of HPACK: without indexing and without Huffman (RFC 7541, section
/// 6.2.2).
pub fn block(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            length(&mut block, text.len());
            block.extend_from_slice(text.as_bytes());
        }
    }
    block
}

/// Encodes an integer with a prefix of seven bits (RFC 7541, section 5.1).
fn length(block: &mut Vec<u8>, length: usize) {
    let Some(mut rest) = length.checked_sub(127) else { return block.push(u8::try_from(length).unwrap()) };
    block.push(127);
    while rest >= 128 {
        block.push(u8::try_from(rest % 128).unwrap() | 128);
        rest /= 128;
    }
    block.push(u8::try_from(rest).unwrap());
}
