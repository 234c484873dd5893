use url::Url;

use crate::config::urls::is_loopback;

/// Stands for the token of a link.
const TOKEN: &str = "{token}";
/// Stands for the language of a mail.
const LANGUAGE: &str = "{language}";

/// Reads a URL of the application. Empty: none.
pub(super) fn parse(text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    if text.contains(['{', '}']) {
        return Err(invalid(text, "no braces"));
    }
    check(text, text, "https://app.example.com")?;
    Ok(Some(text.to_owned()))
}

/// Reads a URL of the application with a place for a token. Empty: none.
pub(super) fn parse_link(text: &str) -> Result<Option<String>, String> {
    const EXAMPLE: &str = "https://app.example.com/reset#token={token}";
    if text.is_empty() {
        return Ok(None);
    }
    if !text.contains(TOKEN) {
        return Err(invalid(text, &format!("{TOKEN} in it, as in {EXAMPLE}")));
    }
    let with = |token, language| text.replace(TOKEN, token).replace(LANGUAGE, language);
    if with("", "").contains(['{', '}']) {
        return Err(invalid(text, &format!("no braces but those of {TOKEN} and {LANGUAGE}")));
    }
    let (one, other) = (check(&with("a", "en"), text, EXAMPLE)?, check(&with("b", "de"), text, EXAMPLE)?);
    if one.origin() != other.origin() || one.username() != other.username() {
        return Err(invalid(text, &format!("{TOKEN} and {LANGUAGE} behind the host")));
    }
    // Browsers send what is before it to servers, which write it into logs.
    if text.find('#').is_none_or(|fragment| text.find(TOKEN).is_some_and(|token| token < fragment)) {
        return Err(invalid(text, &format!("{TOKEN} behind a #, as in {EXAMPLE}")));
    }
    Ok(Some(text.to_owned()))
}

/// The error for a value. It does not show a URL that may have a password in it.
fn invalid(text: &str, expected: &str) -> String {
    if text.contains('@') {
        format!("invalid value: expected {expected}")
    } else {
        format!("invalid value {text:?}: expected {expected}")
    }
}

/// Refuses a URL without TLS: any reader of the token could use the account. `written` is how the operator
/// wrote it.
fn check(text: &str, written: &str, example: &str) -> Result<Url, String> {
    let wanted = |what: &str| invalid(written, &format!("{what}, such as {example}"));
    let url = Url::parse(text).map_err(|_| wanted("a URL"))?;
    let is_here = url.host_str().is_some_and(is_loopback);
    match url.scheme() {
        _ if !url.username().is_empty() || url.password().is_some() => {
            return Err(wanted("a URL without a user"));
        }
        "https" => {}
        "http" if is_here => {}
        _ => return Err(wanted("https:// (http:// only to this machine)")),
    }
    // Parsers read more than what they write: `https:host`, spaces, a backslash, quotes. Only the slash of an
    // empty path may be missing.
    let origin = url.origin().ascii_serialization();
    let without_slash = url.as_str().replacen(&format!("{origin}/"), &origin, 1);
    if text == url.as_str() || (url.path() == "/" && text == without_slash) {
        Ok(url)
    } else {
        Err(wanted("the URL as browsers write it"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_https_with_its_token() {
        for text in [
            "https://app.example.com/reset#token={token}",
            "https://app.example.com/{language}/reset?a=b#t={token}",
            "http://localhost:5173/#/verify/{token}",
            "http://127.0.0.1/#{token}",
        ] {
            assert_eq!(parse_link(text), Ok(Some(text.to_owned())));
        }
        for (text, reason) in [
            ("https://app.example.com/reset", "expected {token} in it"),
            ("http://app.example.com/{token}", "expected https://"),
            ("app://reset/{token}", "expected https://"),
            ("javascript:alert({token})", "expected https://"),
            ("/reset#{token}", "expected a URL"),
            ("https://{token}.example.com", "behind the host"),
            ("https://app.example.com:{token}/", "expected a URL"),
            ("https://ada@app.example.com/{token}", "without a user"),
            ("https://app.example.com/#{token}/{locale}", "no braces but"),
            ("https://app.example.com/reset?t={token}", "behind a #"),
            ("https:app.example.com#{token}", "as browsers write it"),
            ("https://app.example.com/re set#{token}", "as browsers write it"),
            ("HTTPS://App.example.com/#{token}", "as browsers write it"),
            ("https://app.example.com/\"><script>#{token}", "as browsers write it"),
            ("https://app.example.com/{locale}#{token}", "no braces but"),
        ] {
            let refused = parse_link(text).unwrap_err();
            assert!(refused.contains(reason), "{text}: {refused}");
            assert!(refused.contains(&format!("{text:?}")) != text.contains('@'), "{text}: {refused}");
        }
        for refused in [
            parse("https://ada:secret@app.example.com").unwrap_err(),
            parse_link("https://ada:secret@app.example.com/reset").unwrap_err(),
        ] {
            assert!(!refused.contains("secret"), "{refused}");
        }
        assert_eq!((parse_link(""), parse("")), (Ok(None), Ok(None)));
        for text in ["https://app.example.com", "https://app.example.com/?a=b", "https://app.example.com?a=b"]
        {
            assert_eq!(parse(text), Ok(Some(text.to_owned())));
        }
        assert!(parse("https://app.example.com/\"><script>").is_err());
        assert!(parse("https://app.example.com/{language}").is_err());
        assert!(parse("http://app.example.com").is_err() && parse("javascript:alert(1)").is_err());
    }
}
