//! Answers `svc doctor`, which asks at the public URL whether it reaches this service, and from which
//! address.

use poem::http::{HeaderName, HeaderValue};
use poem::{Addr, Request, Response};

use super::client::{address, is_forwarded};
use super::settings::Introduce;
use crate::ports::inspection::Introduction;

/// The header of the question and of the answer.
const HEADER: HeaderName = HeaderName::from_static("svc-doctor");

/// Returns the answer if the request has a genuine question.
pub fn answer(introduce: &Introduce, trusted: &[ipnet::IpNet], request: &Request) -> Option<HeaderValue> {
    let question = request.headers().get(HEADER)?.to_str().ok()?;
    let Addr::SocketAddr(peer) = &request.remote_addr().0 else { return None };
    let peer = peer.ip().to_canonical();
    let introduction = Introduction {
        client: address(request, trusted)?,
        peer,
        is_trusted: trusted.iter().any(|proxies| proxies.contains(&peer)),
        is_forwarded: is_forwarded(request),
    };
    HeaderValue::from_str(&introduce(question, &introduction)?).ok()
}

/// Adds the answer to the response.
pub fn add(response: &mut Response, answer: Option<HeaderValue>) {
    if let Some(answer) = answer {
        response.headers_mut().insert(HEADER, answer);
    }
}
