use std::net::Ipv6Addr;

use poem::Request;
use poem::http::Version;
use poem::http::header::HOST;
use poem::http::uri::Authority;

use crate::api::problem::Problem;

/// The characters of a host name in addition to letters and digits (RFC 3986, `reg-name`).
const IN_NAMES: &[u8] = b"-._~%!$&'()*+,;=";

/// Refuses a request without a host, with two hosts or with an invalid one: two servers in a row could each
/// use another one (RFC 9112, section 3.2). The request target contains a host too: the `:authority` of
/// HTTP/2 (RFC 9113, section 8.3.1), or the host of an absolute URL. It must equal `Host` if both are
/// present. Versions before HTTP/1.1 need no host.
pub fn check(request: &Request) -> Result<(), Problem> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let target = request.uri().authority().map(Authority::as_str);
    let sane = match (hosts.next(), hosts.next(), target) {
        (Some(host), None, None) => host.to_str().is_ok_and(is_host),
        (Some(host), None, Some(target)) => {
            is_host(target) && host.as_bytes().eq_ignore_ascii_case(target.as_bytes())
        }
        (None, _, Some(target)) => request.version() != Version::HTTP_11 && is_host(target),
        (None, _, None) => request.version() < Version::HTTP_11,
        _ => false,
    };
    sane.then_some(()).ok_or_else(Problem::malformed_host)
}

/// A host name or address, with or without a port (RFC 3986, section 3.2). A target without an authority has
/// an empty host.
fn is_host(text: &str) -> bool {
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
    use poem::http::HeaderValue;

    use super::*;

    fn is_taken(version: Version, hosts: &[&[u8]]) -> bool {
        is_taken_for("/health/live", version, hosts)
    }

    fn is_taken_for(target: &str, version: Version, hosts: &[&[u8]]) -> bool {
        let mut request = Request::builder().uri(target.parse().unwrap()).version(version).finish();
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
        assert!(is_taken(Version::HTTP_10, &[]));
        for version in [Version::HTTP_10, Version::HTTP_2] {
            assert!(is_taken(version, &[b"svc.test"]));
        }
    }

    #[test]
    fn the_host_of_the_target_is_looked_at_as_the_header_is() {
        let (url, http2) = ("http://svc.test:8000/health/live", Version::HTTP_2);
        assert!(is_taken_for(url, http2, &[]) && is_taken_for(url, http2, &[b"SVC.test:8000"]));
        assert!(is_taken_for(url, Version::HTTP_11, &[b"svc.test:8000"]));
        assert!(is_taken_for(url, Version::HTTP_10, &[]));
        for version in [Version::HTTP_10, Version::HTTP_11, http2] {
            for hosts in
                [&[&b"evil.test"[..]][..], &[b"svc.test"], &[b""], &[b"svc.test:8000", b"svc.test:8000"]]
            {
                assert!(!is_taken_for(url, version, hosts), "{version:?} {hosts:?}");
            }
            let strange = "http://ada@svc.test/health/live";
            assert!(
                !is_taken_for(strange, version, &[]) && !is_taken_for(strange, version, &[b"ada@svc.test"])
            );
        }
        assert!(!is_taken_for(url, Version::HTTP_11, &[]));
    }

    #[test]
    fn none_and_two_and_what_is_none_are_refused() {
        assert!(!is_taken(Version::HTTP_11, &[]) && !is_taken(Version::HTTP_2, &[]));
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
