use percent_encoding::percent_decode_str;
use url::Url;

const PORT: &str =
    "names port 0, on which no server listens: name its port, or leave it out for the usual one";
const CODES: &str = "has a % that begins no percent code of UTF-8: write the % of a password as %25";

/// Refuses what passes for the URL of a server and is none that anybody could connect to.
pub(super) fn check(url: &Url) -> Result<(), &'static str> {
    let mut parts =
        [Some(url.username()), url.password(), url.host_str(), Some(url.path())].into_iter().flatten();
    if url.port() == Some(0) {
        Err(PORT)
    } else if !parts.all(is_decodable) {
        Err(CODES)
    } else {
        Ok(())
    }
}

/// Whether every `%` begins a code (RFC 3986, section 2.1), and the codes are those of a text.
fn is_decodable(text: &str) -> bool {
    let is_code = |after: &str| after.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    text.split('%').skip(1).all(is_code) && percent_decode_str(text).decode_utf8().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_somebody_could_listen_on_and_log_in_with_passes() {
        let checked = |text: &str| check(&Url::parse(text).unwrap());
        for good in
            ["amqp://h", "amqp://u:%C3%BC%25@h:1/%2F", "smtp://u%40x:p@[::1]:65535", "postgres://u@%2Frun/d"]
        {
            assert_eq!(checked(good), Ok(()), "{good}");
        }
        for port in ["amqp://h:0", "smtp://u:p@h:0", "redis://[::1]:0/1"] {
            assert_eq!(checked(port), Err(PORT), "{port}");
        }
        for code in [
            "amqp://u:%@h",
            "amqp://u%4:p@h",
            "amqp://u:p%zz@h",
            "amqp://h/%f",
            "smtp://%g0h",
            "amqp://u:%ff@h",
        ] {
            assert_eq!(checked(code), Err(CODES), "{code}");
        }
    }
}
