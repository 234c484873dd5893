use std::net::{IpAddr, SocketAddr};
use std::sync::Once;

use ipnet::IpNet;
use poem::http::HeaderName;
use poem::http::header::USER_AGENT;
use poem::{Addr, FromRequest, Request, RequestBody};

use super::settings::Middleware;
use crate::api::problem::Problem;
use crate::domain::Client;
use crate::ports::inspection::CLAIMED;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The origin of a request. Endpoints take it as an argument.
impl<'a> FromRequest<'a> for Client {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let address = address_of_client(request)?;
        let agent = request.headers().get(USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
        Ok(Self::new(address, agent.as_deref()))
    }
}

/// The address of the client that sent the request.
pub fn address_of_client(request: &Request) -> Result<Option<IpAddr>, Problem> {
    Ok(address(request, &Middleware::of(request)?.trusted_proxies))
}

/// The client address: the peer of the socket, or, if that is a trusted proxy, the client that it forwards
/// for. Each proxy appends to `X-Forwarded-For`, so it is read from the right, and everything left of the
/// first untrusted hop is ignored.
pub fn address(request: &Request, trusted: &[IpNet]) -> Option<IpAddr> {
    let Addr::SocketAddr(peer) = &request.remote_addr().0 else { return None };
    let mut address = peer.ip().to_canonical();
    if !trusted.iter().any(|proxies| proxies.contains(&address)) {
        if is_forwarded(request) && is_near(address) {
            warn_of_proxy(address);
        }
        return Some(address);
    }
    let mut hops = forwarded_for(request);
    while trusted.iter().any(|proxies| proxies.contains(&address)) {
        match hops.next().flatten() {
            Some(next) => address = next,
            None => break,
        }
    }
    Some(address)
}

/// The hops that a request names, the last one first; `None` for one that is not an address. Each hop is
/// decoded by itself: the client writes the first ones, and must not be able to make those of the proxies
/// unreadable.
pub fn forwarded_for(request: &Request) -> impl Iterator<Item = Option<IpAddr>> {
    let lines = request.headers().get_all(X_FORWARDED_FOR).iter().rev();
    lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b',')).map(hop)
}

/// Whether the request says that it was forwarded for a client, as one from a proxy does. `svc doctor` writes
/// [`CLAIMED`] into its request, to see whether a client is believed.
pub fn is_forwarded(request: &Request) -> bool {
    forwarded_for(request).any(|hop| hop != Some(CLAIMED))
}

/// Whether the address belongs to a network in which the operator's proxies may be, but no stranger.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            // The shared address space of carriers, which clouds use internally (RFC 6598).
            let is_shared = address.octets()[0] == 100 && address.octets()[1] & 0xc0 == 64;
            address.is_loopback() || address.is_private() || address.is_link_local() || is_shared
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

/// Logged once only, since every request would repeat it.
fn warn_of_proxy(proxy: IpAddr) {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            %proxy,
            "requests from an untrusted proxy, whose clients share one rate limit"
        );
    });
}

/// Some proxies add the port.
fn hop(bytes: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(bytes).ok()?.trim();
    let address = text.parse().or_else(|_| text.parse().map(|socket: SocketAddr| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;
    use poem::http::uri::Scheme;
    use poem::web::{LocalAddr, RemoteAddr};
    use poem::{Body, RequestParts};

    use super::*;

    fn seen(peer: &str, trusted: &[&str], lines: &[&str]) -> String {
        let mut head = poem::http::Request::new(()).into_parts().0;
        for line in lines {
            head.headers.append("x-forwarded-for", HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        let peer = RemoteAddr(Addr::socket(peer.parse().unwrap()));
        let parts = RequestParts::from((head, LocalAddr::default(), peer, Scheme::HTTP));
        let request = Request::from_parts(parts, Body::empty());
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        address(&request, &trusted).unwrap().to_string()
    }

    #[test]
    fn a_forged_header_is_not_believed() {
        assert_eq!(seen("203.0.113.9:1", &[], &["1.1.1.1"]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9:1", &["10.0.0.0/8"], &["1.1.1.1"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1:1", &["10.0.0.0/8"], &["1.1.1.1, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1:1", &["10.0.0.0/8"], &["1.1.1.1", "203.0.113.9, 10.0.0.2"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1:1", &["10.0.0.0/8"], &["\u{e9}, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1:1", &["10.0.0.0/8"], &["\u{e9}", "203.0.113.9, 10.0.0.2"]), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_is_believed_in_every_form_it_writes() {
        let proxies = ["10.0.0.0/8", "fd00::/8"];
        assert_eq!(seen("10.0.0.1:1", &proxies, &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(seen("[fd00::1]:1", &proxies, &["[2001:db8::7]:4711"]), "2001:db8::7");
        assert_eq!(seen("[::ffff:10.0.0.1]:1", &proxies, &["::ffff:203.0.113.9"]), "203.0.113.9");
    }

    #[test]
    fn what_cannot_be_read_ends_the_walk() {
        assert_eq!(seen("10.0.0.1:1", &["10.0.0.0/8"], &["203.0.113.9, unknown"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1:1", &["10.0.0.0/8"], &[]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1:1", &["10.0.0.0/8"], &["10.0.0.7"]), "10.0.0.7");
    }
}
