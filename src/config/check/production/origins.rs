//! The origins whose pages use the API.

use url::Url;

use super::facts::Facts;
use crate::config::urls::is_loopback;

/// Returns the first origin with a scheme of the web that is on this machine, or is not.
fn first<'a>(facts: &'a Facts<'_>, schemes: &[&str], is_local: bool) -> Option<&'a str> {
    let mut origins = facts.draft.server.as_ref()?.allowed_origins.iter();
    let found = origins.find(|origin| {
        Url::parse(origin).is_ok_and(|url| {
            schemes.contains(&url.scheme()) && url.host_str().is_some_and(is_loopback) == is_local
        })
    });
    found.map(String::as_str)
}

/// Without the public URL, the service sets the cookies of loopback, which have no `Secure`.
pub(super) fn no_public_url(facts: &Facts<'_>) -> Option<String> {
    let server = facts.draft.server.as_ref()?;
    if !facts.public_url_is_default && !server.is_plain_loopback() {
        return None;
    }
    first(facts, &["http", "https"], false).map(|origin| {
        let url = &server.public_url;
        format!(
            "{origin:?} is not on this machine, but the public URL is {url}, so the cookies would be those of \
             this machine, without TLS"
        )
    })
}

/// Who can change a page on its way to the browser can also read what the page reads.
pub(super) fn plain(facts: &Facts<'_>) -> Option<String> {
    first(facts, &["http"], false).map(|origin| format!("{origin:?} has no TLS"))
}

pub(super) fn loopback(facts: &Facts<'_>) -> Option<String> {
    first(facts, &["http", "https"], true)
        .map(|origin| format!("{origin:?} is any program on the machine of a user that has this port"))
}
