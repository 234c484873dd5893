use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::ops::Range;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Longer than any requested answer: a page of 200 users has about 50 KiB.
const LONGEST: usize = 128 * 1024;

/// A keep-alive connection with at most one request in flight.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// A complete answer.
pub struct Answer<'a> {
    pub status: u16,
    pub body: &'a [u8],
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; LONGEST] })
    }

    /// Sends a request and waits for the complete answer. After an error the connection cannot be used any
    /// more.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        let (status, body) = loop {
            let more = self.stream.read(&mut self.buffer[filled..]).await?;
            if more == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            filled += more;
            if let Some((status, body)) = head(&self.buffer[..filled])? {
                if body.end > LONGEST {
                    return Err(broken("the answer is too long"));
                }
                break (status, body);
            }
        };
        while filled < body.end {
            let more = self.stream.read(&mut self.buffer[filled..body.end]).await?;
            if more == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            filled += more;
        }
        if filled > body.end {
            return Err(broken("more came than was asked for"));
        }
        Ok(Answer { status, body: &self.buffer[body] })
    }
}

/// Returns the status and the range of the body; `None` while the head is incomplete.
fn head(bytes: &[u8]) -> Result<Option<(u16, Range<usize>)>> {
    let (mut at, mut status, mut length) = (0, None, None);
    loop {
        let Some(end) = bytes[at..].iter().position(|byte| *byte == b'\n') else { return Ok(None) };
        let line = bytes[at..at + end].trim_ascii_end();
        at += end + 1;
        if status.is_none() {
            status = Some(number(line.get(9..12)).ok_or_else(|| broken("no status line"))?);
        } else if line.is_empty() {
            break;
        } else if let Some((name, value)) = line.split_at_checked("content-length:".len())
            && name.eq_ignore_ascii_case(b"content-length:")
        {
            length = number(Some(value.trim_ascii()));
        }
    }
    let status = status.unwrap_or_default();
    let length = match length {
        Some(length) => length,
        None if status == 204 => 0,
        None => return Err(broken("an answer without a length")),
    };
    Ok(Some((u16::try_from(status).unwrap_or_default(), at..at + length)))
}

fn number(text: Option<&[u8]>) -> Option<usize> {
    std::str::from_utf8(text?).ok()?.parse().ok()
}

fn broken(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}
