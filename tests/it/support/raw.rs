//! Requests that no library sends, byte by byte.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::client::{Answer, Client};
use super::document;

/// No answer takes this long; a test that waits longer hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// A request as raw bytes.
pub struct Raw {
    method: String,
    target: String,
    version: &'static str,
    headers: Vec<u8>,
    body: Vec<u8>,
}

impl Raw {
    /// HTTP/1.1 without a body.
    pub fn new(method: &str, target: &str) -> Self {
        let headers = b"host: svc.test\r\nconnection: close\r\n".to_vec();
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            version: "HTTP/1.1",
            headers,
            body: vec![],
        }
    }

    /// Replaces the `Host` header by these.
    pub fn hosts(mut self, hosts: &[&str]) -> Self {
        self.headers = b"connection: close\r\n".to_vec();
        hosts.iter().fold(self, |raw, host| raw.header("host", host.as_bytes()))
    }

    /// Does not ask to close the connection.
    pub fn keep_alive(mut self) -> Self {
        self.headers = b"host: svc.test\r\n".to_vec();
        self
    }

    pub fn version(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    /// Adds a header of any bytes.
    pub fn header(mut self, name: &str, value: &[u8]) -> Self {
        self.headers.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        self
    }

    /// Adds a body and its length.
    pub fn body(self, body: &[u8]) -> Self {
        Self { body: body.to_vec(), ..self.header("content-length", body.len().to_string().as_bytes()) }
    }

    /// Adds these bytes after the head, whatever length the head announces.
    pub fn bytes(self, bytes: &[u8]) -> Self {
        Self { body: bytes.to_vec(), ..self }
    }

    /// Adds a body in chunked encoding.
    pub fn chunked(self, chunks: &[u8]) -> Self {
        Self { body: chunks.to_vec(), ..self.header("transfer-encoding", b"chunked") }
    }

    /// Sends it and checks the answer against the document. Returns `None` if the connection was closed
    /// without an answer.
    pub async fn send(self, client: &Client) -> Option<Answer> {
        let mut socket = TcpStream::connect(client.base.trim_start_matches("http://")).await.unwrap();
        let head = format!("{} {} {}\r\n", self.method, self.target, self.version);
        let bytes = [head.as_bytes(), &self.headers, b"\r\n", &self.body].concat();
        // A request that is refused by its head need not be read completely.
        let _ = socket.write_all(&bytes).await;
        let mut read = Vec::new();
        let _ = tokio::time::timeout(PATIENCE, socket.read_to_end(&mut read)).await.expect("no answer");
        let answer = parse(&read)?;
        let path = self.target.trim_start_matches("http://svc.test").split(['?', '#']).next().unwrap();
        document::check(&Method::from_bytes(self.method.as_bytes()).unwrap_or_default(), path, &answer);
        Some(answer)
    }
}

/// Parses an answer with a `Content-Length`, which all of ours have.
fn parse(read: &[u8]) -> Option<Answer> {
    let end = read.windows(4).position(|four| four == b"\r\n\r\n")?;
    let mut lines = std::str::from_utf8(&read[..end]).unwrap().split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().unwrap();
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').unwrap();
        let name = HeaderName::try_from(name).unwrap();
        headers.append(name, HeaderValue::from_str(value.trim()).unwrap());
    }
    Some(Answer { status, headers, bytes: read[end + 4..].to_vec() })
}
