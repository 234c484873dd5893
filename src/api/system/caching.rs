use crate::api::precondition::{content_etag, is_held};
use crate::domain::SigningKey;

/// Answers what clients cache: the published keys, and what names them. `held` is the `If-None-Match` of the
/// client: `unchanged` answers one that has this content already, `whole` any other. Both get the `ETag` and
/// the `Cache-Control`.
pub fn cacheable<A>(
    content: &[u8],
    held: Option<&str>,
    is_current: bool,
    unchanged: impl FnOnce(String, String) -> A,
    whole: impl FnOnce(String, String) -> A,
) -> A {
    let etag = content_etag(content);
    let caching = if is_current {
        format!("public, max-age={}", SigningKey::CACHED.as_secs())
    } else {
        // A key that is published now and becomes active in five minutes may be missing.
        "no-cache".to_owned()
    };
    if held.is_some_and(|held| is_held(held, &etag)) {
        return unchanged(etag, caching);
    }
    whole(etag, caching)
}
