use std::net::Ipv6Addr;

use poem::Request;
use poem::http::header::HOST;
use poem::http::{HeaderValue, Version};

use crate::api::problem::{Code, Problem};

/// What may stand in a name beside letters and digits (RFC 3986, `reg-name`).
const IN_NAMES: &[u8] = b"-._~%!$&'()*+,;=";

/// Refuses what names no host, two of them or none that there could be: two servers in a row may each believe another one
/// (RFC 9112, section 3.2). Versions before and after HTTP/1.1 can do without.
pub fn check(request: &Request) -> Result<(), Problem> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let sane = match (hosts.next(), hosts.next()) {
        (Some(only), None) => is_host(only),
        (None, _) => request.version() != Version::HTTP_11,
        _ => false,
    };
    let refusal =
        || Problem::new(Code::MalformedRequest, "Send one header `Host` with the name of the service.");
    sane.then_some(()).ok_or_else(refusal)
}

/// A name or an address, with a port or without (RFC 3986, section 3.2). A target without an authority has an empty one.
fn is_host(value: &HeaderValue) -> bool {
    let Ok(text) = value.to_str() else { return false };
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (text, ""),
    };
    let named = match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()),
        None => host.bytes().all(|byte| byte.is_ascii_alphanumeric() || IN_NAMES.contains(&byte)),
    };
    text.is_empty() || (named && !host.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_taken(version: Version, hosts: &[&[u8]]) -> bool {
        let mut request = Request::builder().version(version).finish();
        for host in hosts {
            request.headers_mut().append(HOST, HeaderValue::from_bytes(host).unwrap());
        }
        check(&request).is_ok()
    }

    #[test]
    fn one_that_could_be_is_taken() {
        for host in [
            "svc.test",
            "svc.test:8000",
            "127.0.0.1",
            "[::1]:8000",
            "xn--mnchen-3ya.example",
            "a_b",
            "svc.test:",
            "m%C3%BC.example",
            "",
        ] {
            assert!(is_taken(Version::HTTP_11, &[host.as_bytes()]), "{host}");
        }
        for version in [Version::HTTP_10, Version::HTTP_2] {
            assert!(is_taken(version, &[]) && is_taken(version, &[b"svc.test"]));
        }
    }

    #[test]
    fn none_and_two_and_what_is_none_are_refused() {
        assert!(!is_taken(Version::HTTP_11, &[]));
        for version in [Version::HTTP_10, Version::HTTP_11, Version::HTTP_2] {
            assert!(!is_taken(version, &[b"svc.test", b"svc.test"]));
            for host in [
                &b"a b"[..],
                b"ada@svc.test",
                b"svc.test/",
                b"svc.test?",
                b"\xff",
                b"[::1",
                b"a:b:c",
                b"svc.test:evil",
                b":80",
                b"[zz]",
                b"x[::1]",
                b"[::1]y",
            ] {
                assert!(!is_taken(version, &[host]), "{host:?}");
            }
        }
    }
}
