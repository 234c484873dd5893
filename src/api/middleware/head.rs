use poem::Request;
use poem::http::HeaderName;
use poem::http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};

use super::host;
use crate::api::budget::{MOST_FIELDS, SERVED_HEAD};
use crate::api::problem::{Code, Problem};

/// Headers with a single value. Of two values, a proxy in front may have read the other one (RFC 9110,
/// section 5.3).
const SINGLE: [HeaderName; 2] = [CONTENT_TYPE, CONTENT_LENGTH];

/// Refuses a head that is too large, or that two servers in a row can interpret differently.
pub fn check(request: &Request) -> Result<(), Problem> {
    check_size(request)?;
    host::check(request)?;
    let headers = request.headers();
    if let Some(twice) = SINGLE.iter().find(|name| headers.get_all(*name).iter().nth(1).is_some()) {
        let detail = format!("Send the header `{twice}` only once.");
        return Err(Problem::new(Code::MalformedRequest, detail).closing());
    }
    check_transfer_encoding(request)
}

/// The limits for all HTTP versions. hyper refuses a much larger head while reading it.
fn check_size(request: &Request) -> Result<(), Problem> {
    let (headers, uri) = (request.headers(), request.uri());
    let fields = headers.iter().map(|(name, value)| name.as_str().len() + value.len());
    let target = uri.path().len() + uri.query().map_or(0, str::len);
    if headers.len() <= MOST_FIELDS && fields.sum::<usize>() + target <= SERVED_HEAD {
        return Ok(());
    }
    Err(Problem::headers_too_large(MOST_FIELDS, SERVED_HEAD))
}

/// Accepts `chunked`, once. hyper checks only the last coding and leaves the others in the body.
fn check_transfer_encoding(request: &Request) -> Result<(), Problem> {
    let mut codings = request.headers().get_all(TRANSFER_ENCODING).iter();
    let sane = match (codings.next(), codings.next()) {
        (None, _) => true,
        (Some(only), None) => only.as_bytes().eq_ignore_ascii_case(b"chunked"),
        _ => false,
    };
    let rejection = || {
        let detail = "The only supported transfer coding is `chunked`, given once.";
        Problem::new(Code::MalformedRequest, detail).closing()
    };
    sane.then_some(()).ok_or_else(rejection)
}

#[cfg(test)]
mod tests {
    use poem::http::header::HOST;

    use super::*;

    fn is_taken(name: &HeaderName, values: &[&str]) -> bool {
        let mut request = Request::builder().header(HOST, "svc.test").finish();
        for value in values {
            request.headers_mut().append(name, value.parse().unwrap());
        }
        check(&request).is_ok()
    }

    #[test]
    fn one_value_is_taken_and_two_are_refused() {
        for name in SINGLE {
            assert!(is_taken(&name, &[]) && is_taken(&name, &["2"]), "{name}");
            assert!(!is_taken(&name, &["2", "2"]) && !is_taken(&name, &["2", "3"]), "{name}");
        }
    }

    #[test]
    fn a_head_is_bounded_in_bytes_and_fields() {
        let size = |bytes: usize| {
            let target = "/?".len();
            let value = "x".repeat(bytes - "hostsvc.testx".len() - target + 1);
            is_taken(&HeaderName::from_static("x"), &[&value])
        };
        assert!(size(SERVED_HEAD) && !size(SERVED_HEAD + 1));
        let fields = |count: usize| is_taken(&HeaderName::from_static("x"), &vec![""; count - 1]);
        assert!(fields(MOST_FIELDS) && !fields(MOST_FIELDS + 1));
        let mut request = Request::builder().header(HOST, "svc.test");
        request = request.uri(format!("/?{}", "a".repeat(SERVED_HEAD)).parse().unwrap());
        assert!(check(&request.finish()).is_err());
    }

    #[test]
    fn the_one_transfer_coding_is_chunked() {
        for good in [&[][..], &["chunked"], &["Chunked"]] {
            assert!(is_taken(&TRANSFER_ENCODING, good), "{good:?}");
        }
        for bad in [
            &["chunked, chunked"][..],
            &["chunked", "chunked"],
            &["gzip, chunked"],
            &["identity", "chunked"],
            &[", chunked"],
            &[""],
            &["chunked;q=1"],
        ] {
            assert!(!is_taken(&TRANSFER_ENCODING, bad), "{bad:?}");
        }
    }
}
