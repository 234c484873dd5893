use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What one connection sends, and what it makes of the answers.
pub trait Script: Send + 'static {
    /// The bytes of the next request.
    fn next(&mut self) -> &[u8];

    /// Reads an answer with a status of success; whether it was as expected.
    fn read(&mut self, _body: &[u8]) -> bool {
        true
    }
}

/// The head of a request for this.
pub fn get(path: &str, token: Option<&str>) -> Vec<u8> {
    let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    format!("GET {path} HTTP/1.1\r\nhost: bench.example\r\n{token}\r\n").into_bytes()
}

/// A request that sends this JSON.
pub fn post(path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench.example\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// The same request again and again.
#[derive(Clone)]
pub struct Fixed(pub Vec<u8>);

impl Script for Fixed {
    fn next(&mut self) -> &[u8] {
        &self.0
    }
}

/// A request with a number in it, each time another one, which its connections take from one counter.
#[derive(Clone)]
pub struct Numbered {
    request: Vec<u8>,
    place: Range<usize>,
    counter: Arc<AtomicU64>,
    number: fn(u64) -> u64,
    modulus: u64,
    radix: u64,
}

impl Numbered {
    /// Stands for the number in the request, which has as many digits. 16 to an id, 10 elsewhere.
    pub const DECIMAL: &'static str = "##########";
    pub const HEXADECIMAL: &'static str = "############";

    /// The numbers `number(0)`, `number(1)` …, each below `modulus` after the counter was taken modulo it.
    pub fn new(request: Vec<u8>, modulus: u64, number: fn(u64) -> u64) -> Self {
        let begin = request.iter().position(|byte| *byte == b'#').unwrap_or(request.len());
        let digits = request[begin..].iter().take_while(|byte| **byte == b'#').count();
        let radix = if digits == Self::HEXADECIMAL.len() { 16 } else { 10 };
        Self { request, place: begin..begin + digits, counter: Arc::default(), number, modulus, radix }
    }
}

impl Script for Numbered {
    fn next(&mut self) -> &[u8] {
        let count = self.counter.fetch_add(1, Ordering::Relaxed);
        // A step that shares no factor with any size in use: neighbours in time are far apart in the table.
        let mut rest = (self.number)(count.wrapping_mul(7_368_787) % self.modulus);
        for byte in self.request[self.place.clone()].iter_mut().rev() {
            *byte = b"0123456789abcdef"[usize::try_from(rest % self.radix).unwrap_or_default()];
            rest /= self.radix;
        }
        &self.request
    }
}

/// Refreshes one session, each time with the token of the answer before.
pub struct Refresh {
    request: Vec<u8>,
    place: Range<usize>,
}

impl Refresh {
    const MEMBER: &'static [u8] = b"\"refresh_token\":\"";

    pub fn new(token: &str) -> Self {
        let request = post("/api/v1/auth/refresh", &format!("{{\"refresh_token\":\"{token}\"}}"));
        let end = request.len() - "\"}".len();
        Self { place: end - token.len()..end, request }
    }
}

impl Script for Refresh {
    fn next(&mut self) -> &[u8] {
        &self.request
    }

    fn read(&mut self, body: &[u8]) -> bool {
        let member = body.windows(Self::MEMBER.len()).position(|window| window == Self::MEMBER);
        let begin = member.map_or(body.len(), |at| at + Self::MEMBER.len());
        // Tokens of one service have one length.
        let Some(token) = body.get(begin..begin + self.place.len()) else { return false };
        self.request[self.place.clone()].copy_from_slice(token);
        body.get(begin + self.place.len()) == Some(&b'"')
    }
}
