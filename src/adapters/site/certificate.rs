use crate::domain::Timestamp;

/// The tags of DER that a certificate begins with (RFC 5280, section 4.1).
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// Returns when a certificate in DER ends (`notAfter`), or `None` if it is malformed.
pub(super) fn end(certificate: &[u8]) -> Option<Timestamp> {
    let (SEQUENCE, certificate, _) = element(certificate)? else { return None };
    let (SEQUENCE, mut rest, _) = element(certificate)? else { return None };
    if let (VERSION, _, after) = element(rest)? {
        rest = after;
    }
    // The serial number, the algorithm and the issuer.
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let (SEQUENCE, validity, _) = element(rest)? else { return None };
    let (_, _, after) = element(validity)?;
    let (tag, text, _) = element(after)?;
    let text = std::str::from_utf8(text).ok()?;
    // YYMMDDHHMMSSZ until 2049, then YYYYMMDDHHMMSSZ.
    let full = match tag {
        UTC_TIME => format!("{}{text}", if text.get(..2)? < "50" { "20" } else { "19" }),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let part = |from: usize, to: usize| full.get(from..to);
    let date = format!("{}-{}-{}", part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let time = format!("{}:{}:{}", part(8, 10)?, part(10, 12)?, part(12, 14)?);
    Timestamp::parse(&format!("{date}T{time}Z")).ok()
}

/// Splits the first element off: its tag, its content, and what follows it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first & 0x7f);
    if first & 0x80 != 0 {
        let (digits, after) = rest.split_at_checked(length)?;
        length = digits
            .iter()
            .try_fold(0_usize, |number, &digit| number.checked_mul(256)?.checked_add(usize::from(digit)))?;
        rest = after;
    }
    let (content, after) = rest.split_at_checked(length)?;
    Some((tag, content, after))
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    /// Made by `openssl req -x509`: one that ends before 2050, and one that ends later.
    const CERTIFICATES: [(&str, &str); 2] = [
        (
            "2027-03-11T04:46:11Z",
            "\
        MIIBbTCCAROgAwIBAgIUXqk7eUE7pnfOmzvT2v21q+lM5v8wCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBdDAeFw0yNjEyMDEwNDQ2\
        MTFaFw0yNzAzMTEwNDQ2MTFaMAwxCjAIBgNVBAMMAXQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATxGvSkn82LcFPuW48nOEus\
        88Y2juQhfN+ecrHFefgxmi+OSbI7k2Bp3xyU6Tw8fTiuqMI0Oxjr//RYHKDZtA6vo1MwUTAdBgNVHQ4EFgQUWM67iUXBCEsWiPCz\
        Bj9vhAwmgA4wHwYDVR0jBBgwFoAUWM67iUXBCEsWiPCzBj9vhAwmgA4wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBF\
        AiBgAo7zcZscsjeUpFudBiL2J8rLOK9QhGpBviYpk/XuGQIhAJidNOJyci9+Fi5A87c/PV00Q3xZjNROPh2h9sMkAvh5",
        ),
        (
            "2081-09-03T04:46:12Z",
            "\
        MIIBbzCCARWgAwIBAgIUCepnEiIDmafAa0ENolAEbFJ1KxEwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBdDAgFw0yNjEyMDEwNDQ2\
        MTJaGA8yMDgxMDkwMzA0NDYxMlowDDEKMAgGA1UEAwwBdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKWfG2QiViVAnNGp0u2s\
        zLQ3PXgciB5D+vsQsbiCi+Gm58xCgvfWkxIkwfZcgIHq91HhGgzNc2+rgUKRkyTTFHKjUzBRMB0GA1UdDgQWBBSE+AHf+poTjDVp\
        uL4K9n9ZenDd+DAfBgNVHSMEGDAWgBSE+AHf+poTjDVpuL4K9n9ZenDd+DAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gA\
        MEUCIQD2yYSVavQqgFsQnw5ait3Y7DGp+hsLFxa07Trnbe5RQQIgK4VO5PgXyGP1JYgUGh9TroqLex6L815XmBlp2T8LOjA=",
        ),
    ];

    #[test]
    fn the_end_of_a_certificate_is_read() {
        for (expected, text) in CERTIFICATES {
            let certificate = STANDARD.decode(text.replace(' ', "")).unwrap();
            assert_eq!(end(&certificate), Timestamp::parse(expected).ok(), "{expected}");
            for length in 0..80 {
                assert_eq!(end(&certificate[..length]), None, "cut to {length}");
            }
        }
    }
}
