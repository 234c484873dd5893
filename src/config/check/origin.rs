use url::{Origin, Url};

/// Reads the origin of a page as browsers write it in the header `Origin` (HTML, section "Origin"): the
/// service compares the texts. Pages of an application on a phone have schemes of their own, such as
/// `capacitor://localhost`.
pub(super) fn parse(text: &str) -> Result<String, String> {
    if text.contains('*') {
        return Err(format!("invalid entry {text:?}: wildcards are not supported, name each origin"));
    }
    let malformed = || {
        format!(
            "invalid entry {text:?}: expected the origin of a page, scheme://host or scheme://host:port, such as \
             https://app.example.com"
        )
    };
    let url = Url::parse(text).map_err(|_| malformed())?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(malformed)?;
    let written = match url.origin() {
        origin @ Origin::Tuple(..) => origin.ascii_serialization(),
        Origin::Opaque(_) => {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            format!("{}://{}{port}", url.scheme(), host.to_ascii_lowercase())
        }
    };
    if written == text {
        return Ok(written);
    }
    Err(format!(
        "invalid entry {text:?}: an origin has no path and no slash at the end; browsers write {written:?}"
    ))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn an_origin_is_taken_as_browsers_write_it() {
        for text in [
            "https://app.example.com",
            "https://app.example.com:8443",
            "http://localhost:5500",
            "http://127.0.0.1:5500",
            "http://[::1]:5500",
            "https://xn--bcher-kva.example",
            "capacitor://localhost",
            "chrome-extension://abcdefghijklmnop",
        ] {
            assert_eq!(parse(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn everything_else_is_refused_with_what_to_write() {
        for (text, said) in [
            ("*", "wildcards are not supported"),
            ("https://*.example.com", "wildcards are not supported"),
            ("null", "expected the origin of a page"),
            ("", "expected the origin of a page"),
            ("app.example.com", "expected the origin of a page"),
            ("localhost:5500", "expected the origin of a page"),
            ("file:///srv/page.html", "expected the origin of a page"),
            ("data:text/html,", "expected the origin of a page"),
            ("https://", "expected the origin of a page"),
            ("https://app.example.com/", "browsers write \"https://app.example.com\""),
            ("https://app.example.com/shop", "browsers write \"https://app.example.com\""),
            ("https://app.example.com?a", "browsers write \"https://app.example.com\""),
            ("https://app.example.com#a", "browsers write \"https://app.example.com\""),
            ("https://ada@app.example.com", "browsers write \"https://app.example.com\""),
            ("https://app.example.com:443", "browsers write \"https://app.example.com\""),
            ("http://app.example.com:80", "browsers write \"http://app.example.com\""),
            ("HTTPS://app.example.com", "browsers write \"https://app.example.com\""),
            ("https://App.example.com", "browsers write \"https://app.example.com\""),
            ("https://bücher.example", "browsers write \"https://xn--bcher-kva.example\""),
            ("capacitor://localhost/", "browsers write \"capacitor://localhost\""),
            (" https://app.example.com", "browsers write \"https://app.example.com\""),
        ] {
            let refused = parse(text).unwrap_err();
            assert!(
                refused.contains(&format!("invalid entry {text:?}")) && refused.contains(said),
                "{refused}"
            );
        }
    }
}
