use url::Url;

/// Reads the origin of a page as browsers write it in the header `Origin` (HTML, section "Origin"): the
/// service compares the texts. Only pages of the web have one that says where they are from.
pub(super) fn parse(text: &str) -> Result<String, String> {
    if text.contains('*') {
        return Err(format!("invalid entry {text:?}: wildcards are not supported, name each origin"));
    }
    let malformed = || {
        format!(
            "invalid entry {text:?}: expected the origin of a page, such as https://app.example.com or \
             http://localhost:5500"
        )
    };
    let url = Url::parse(text).map_err(|_| malformed())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(malformed());
    }
    let written = url.origin().ascii_serialization();
    if written == text {
        return Ok(written);
    }
    Err(format!("invalid entry {text:?}: browsers write this origin as {written:?}"))
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
            ("https://app.example.com/", "browsers write this origin as \"https://app.example.com\""),
            ("https://app.example.com/shop", "browsers write this origin as \"https://app.example.com\""),
            ("https://app.example.com?a", "browsers write this origin as \"https://app.example.com\""),
            ("https://app.example.com#a", "browsers write this origin as \"https://app.example.com\""),
            ("https://ada@app.example.com", "browsers write this origin as \"https://app.example.com\""),
            ("https://app.example.com:443", "browsers write this origin as \"https://app.example.com\""),
            ("http://app.example.com:80", "browsers write this origin as \"http://app.example.com\""),
            ("HTTPS://app.example.com", "browsers write this origin as \"https://app.example.com\""),
            ("https://App.example.com", "browsers write this origin as \"https://app.example.com\""),
            ("https://bücher.example", "browsers write this origin as \"https://xn--bcher-kva.example\""),
            ("capacitor://localhost", "expected the origin of a page"),
            ("chrome-extension://abcdefghijklmnop", "expected the origin of a page"),
            ("file://", "expected the origin of a page"),
            ("file://srv", "expected the origin of a page"),
            ("data://x", "expected the origin of a page"),
            ("ws://app.example.com", "expected the origin of a page"),
            ("ftp://app.example.com", "expected the origin of a page"),
            (" https://app.example.com", "browsers write this origin as \"https://app.example.com\""),
        ] {
            let refused = parse(text).unwrap_err();
            assert!(
                refused.contains(&format!("invalid entry {text:?}")) && refused.contains(said),
                "{refused}"
            );
        }
    }
}
