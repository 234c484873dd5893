//! hyper accepts a header line that ends with a single line feed, and a body with two lengths. A proxy in
//! front may not, and then the two see different requests in the same bytes (RFC 9112, sections 2.2 and 6.3).

use std::io::BufRead as _;

/// The number of bytes of a line that are kept.
const LOOKED_AT: usize = 64;
/// The number of empty lines that may precede a request (RFC 9112, section 2.2, recommends one).
const MOST_EMPTY: u8 = 2;

/// Parses the requests on an HTTP/1 connection, whose bytes arrive in pieces of any size, as far as needed to
/// find their lines.
pub(super) struct Lines {
    at: At,
    line: Line,
}

enum At {
    /// Before a request, after this number of empty lines.
    Start(u8),
    /// In a head.
    Head(Framing),
    /// In a body, this number of bytes before its end.
    Body(u64),
    /// At the line with the size of a chunk.
    Size,
    /// In a chunk, this number of bytes before the next size.
    Chunk(u64),
    /// In the lines after the last chunk.
    Trailers,
    /// After a rejection. The connection ends.
    Lost,
}

/// The framing of the body by the head so far.
#[derive(Clone, Copy, Default)]
struct Framing {
    length: Option<u64>,
    is_chunked: bool,
}

/// The current line.
#[derive(Default)]
struct Line {
    length: usize,
    last: u8,
    begin: Vec<u8>,
}

/// A line that must be refused.
struct Refused;

impl Lines {
    pub(super) fn new() -> Self {
        Self { at: At::Start(0), line: Line::default() }
    }

    /// Finds the byte at which the request must be refused, if there is one.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            match &mut self.at {
                At::Lost => return None,
                At::Body(left) | At::Chunk(left) => {
                    let rest = bytes.len() - at;
                    let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(rest);
                    *left -= taken as u64;
                    at += taken;
                    if *left == 0 {
                        self.at = if matches!(self.at, At::Body(_)) { At::Start(0) } else { At::Size };
                    }
                }
                At::Start(_) | At::Head(_) | At::Size | At::Trailers => {
                    let begin = at;
                    // Most bytes of a head are in a token. This search looks at many of them at once.
                    at += (&bytes[begin..]).skip_until(b'\n').unwrap_or_default();
                    let Some(line) = bytes[begin..at].strip_suffix(b"\n") else {
                        self.line.push(&bytes[begin..]);
                        return None;
                    };
                    self.line.push(line);
                    if self.ended().is_err() {
                        self.at = At::Lost;
                        return Some(at - 1);
                    }
                }
            }
        }
        None
    }

    /// Continues after the end of a line.
    fn ended(&mut self) -> Result<(), Refused> {
        let line = std::mem::take(&mut self.line);
        if line.length == 0 || line.last != b'\r' {
            return Err(Refused);
        }
        let is_empty = line.length == 1;
        self.at = match self.at {
            At::Start(before) if is_empty && before == MOST_EMPTY => return Err(Refused),
            At::Start(before) if is_empty => At::Start(before + 1),
            At::Start(_) => At::Head(Framing::default()),
            At::Head(framing) if is_empty => match framing {
                Framing { is_chunked: true, .. } => At::Size,
                Framing { length: Some(length @ 1..), .. } => At::Body(length),
                _ => At::Start(0),
            },
            At::Head(framing) => framing.and(&line)?,
            At::Size => match line.size().ok_or(Refused)? {
                0 => At::Trailers,
                // The chunk is followed by an end of line.
                size => At::Chunk(size.checked_add(2).ok_or(Refused)?),
            },
            At::Trailers if is_empty => At::Start(0),
            At::Trailers => At::Trailers,
            At::Body(_) | At::Chunk(_) | At::Lost => At::Lost,
        };
        self.line.begin = line.begin;
        self.line.begin.clear();
        Ok(())
    }
}

impl Framing {
    /// Adds the information of one line.
    fn and(mut self, line: &Line) -> Result<At, Refused> {
        if line.value("transfer-encoding").is_some() {
            self.is_chunked = true;
        } else if let Some(value) = line.value("content-length") {
            let length = number(value, 10).ok_or(Refused)?;
            if self.length.replace(length).is_some() {
                return Err(Refused);
            }
        }
        if self.is_chunked && self.length.is_some() { Err(Refused) } else { Ok(At::Head(self)) }
    }
}

impl Line {
    fn push(&mut self, bytes: &[u8]) {
        let Some(last) = bytes.last() else { return };
        self.last = *last;
        self.length += bytes.len();
        let room = LOOKED_AT.saturating_sub(self.begin.len()).min(bytes.len());
        self.begin.extend_from_slice(&bytes[..room]);
    }

    /// The value of the header with this name.
    fn value(&self, name: &str) -> Option<&str> {
        let (begin, value) = self.begin.split_at_checked(name.len())?;
        let value = value.strip_prefix(b":").filter(|_| begin.eq_ignore_ascii_case(name.as_bytes()))?;
        Some(std::str::from_utf8(value).unwrap_or_default().trim())
    }

    /// The size of a chunk, without its extensions.
    fn size(&self) -> Option<u64> {
        let text = std::str::from_utf8(&self.begin).ok()?;
        let (digits, _) = text.split_once([';', '\r', ' ', '\t'])?;
        number(digits, 16)
    }
}

/// Parses a number without a sign.
fn number(digits: &str, radix: u32) -> Option<u64> {
    u64::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: &str = "GET / HTTP/1.1\r\nhost: svc\r\n\r\n";
    const LINES_IN_A_BODY: &str =
        "POST / HTTP/1.1\r\nhost: svc\r\nContent-Length: 14\r\n\r\n{\n\"a\": 1,\n\n}\n\n";
    const CHUNKS: &str = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\n{\n\n\n\n\r\n\
        0A\r\n\n\n\n\n\n\n\n\n\n\n\r\n0\r\nx: y\r\n\r\n";

    /// The position at which this is refused, the same for pieces of every size.
    fn refused(text: &str) -> Option<usize> {
        let found = |size: usize| {
            let mut lines = Lines::new();
            let pieces = text.as_bytes().chunks(size).enumerate();
            pieces.into_iter().find_map(|(number, piece)| lines.feed(piece).map(|at| number * size + at))
        };
        let whole = found(text.len());
        for size in 1..text.len() {
            assert_eq!(found(size), whole, "{text:?} in pieces of {size}");
        }
        whole
    }

    #[test]
    fn requests_one_after_the_other_are_taken() {
        assert_eq!(refused(&[GET, LINES_IN_A_BODY, CHUNKS, "\r\n", GET, GET, CHUNKS, GET].concat()), None);
    }

    #[test]
    fn a_line_feed_alone_is_refused_wherever_a_line_is() {
        for before in ["", GET, LINES_IN_A_BODY, CHUNKS] {
            for bad in [
                "\n",
                "GET / HTTP/1.1\n",
                "GET / HTTP/1.1\r\nhost: svc\n",
                "GET / HTTP/1.1\r\nhost: svc\r\n\n",
                "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\n",
                "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx: y\n",
            ] {
                let text = [before, bad, "\r\n"].concat();
                assert_eq!(refused(&text), Some(text.len() - 3), "{text:?}");
            }
        }
    }

    #[test]
    fn a_body_has_one_length() {
        for bad in [
            "content-length: 1\r\nCONTENT-LENGTH: 1",
            "content-length: 1\r\ntransfer-encoding: chunked",
            "Transfer-Encoding:chunked\r\nx: y\r\nContent-Length:1",
        ] {
            let text = ["POST / HTTP/1.1\r\n", bad, "\r\n"].concat();
            assert_eq!(refused(&text), Some(text.len() - 1), "{text:?}");
        }
        assert_eq!(refused("POST / HTTP/1.1\r\nx-content-length: 1\r\ncontent-length: 0\r\n\r\n"), None);
    }

    #[test]
    fn empty_lines_are_bounded() {
        assert_eq!(refused(&["\r\n\r\n", GET].concat()), None);
        assert_eq!(refused("\r\n\r\n\r\n\r\n"), Some(5));
    }

    #[test]
    fn a_length_is_a_number_and_nothing_else() {
        for bad in ["-1", "+1", "", "1, 1", "0x1", "99999999999999999999"] {
            let text = format!("POST / HTTP/1.1\r\ncontent-length: {bad}\r\n");
            assert_eq!(refused(&text), Some(text.len() - 1), "{bad}");
        }
        let zeros = "0".repeat(LOOKED_AT);
        for bad in ["zz", "-1", "+1", "", "ffffffffffffffff", "fffffffffffffffff", &zeros] {
            let text = format!("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n{bad}\r\n");
            assert_eq!(refused(&text), Some(text.len() - 1), "{bad}");
        }
    }
}
