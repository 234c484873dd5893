use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The requests of one connection, and the handling of their answers.
pub trait Script: Send + 'static {
    /// Returns the bytes of the next request.
    fn next(&mut self) -> &[u8];

    /// Reads the body of a successful answer. Returns whether it was as expected.
    fn read(&mut self, _body: &[u8]) -> bool {
        true
    }
}

/// Returns a `GET` request for this path.
pub fn get(path: &str, token: Option<&str>) -> Vec<u8> {
    let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    format!("GET {path} HTTP/1.1\r\nhost: bench.example\r\n{token}\r\n").into_bytes()
}

/// Returns a `POST` request with this JSON.
pub fn post(path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench.example\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// The same request every time.
#[derive(Clone)]
pub struct Fixed(pub Vec<u8>);

impl Script for Fixed {
    fn next(&mut self) -> &[u8] {
        &self.0
    }
}

/// A request that contains a number, a different one each time. Its connections share one counter.
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
    /// The placeholder of the number in the request, with as many digits: hexadecimal in an id, decimal
    /// elsewhere.
    pub const DECIMAL: &'static str = "##########";
    pub const HEXADECIMAL: &'static str = "############";

    /// Uses the numbers `number(0)`, `number(1)` … for the values of the counter modulo `modulus`; each is
    /// below `modulus`.
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
        // This step has no common factor with any size in use, so consecutive numbers are far apart in the
        // table.
        let mut rest = (self.number)(count.wrapping_mul(7_368_787) % self.modulus);
        for byte in self.request[self.place.clone()].iter_mut().rev() {
            *byte = b"0123456789abcdef"[usize::try_from(rest % self.radix).unwrap_or_default()];
            rest /= self.radix;
        }
        &self.request
    }
}

/// Refreshes one session, each time with the token of the previous answer.
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
        // All tokens of a service have the same length.
        let Some(token) = body.get(begin..begin + self.place.len()) else { return false };
        self.request[self.place.clone()].copy_from_slice(token);
        body.get(begin + self.place.len()) == Some(&b'"')
    }
}
