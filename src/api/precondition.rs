//! Versions on the wire: `ETag`, `If-Match` and `If-None-Match` (RFC 9110, sections 8.8.3 and 13.1).

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::domain::User;
use crate::usecases::Expected;

/// The entity tag of a content. Weak, since the bytes that are sent may be compressed.
pub fn content_etag(content: &[u8]) -> String {
    format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(digest(&SHA256, content)))
}

/// Whether a client that sent this `If-None-Match` holds the content of this entity tag already.
pub fn is_held(if_none_match: &str, etag: &str) -> bool {
    fn opaque(tag: &str) -> &str {
        tag.trim().trim_start_matches("W/")
    }
    if_none_match.split(',').any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
}

/// The user's version as an entity tag.
pub fn etag(user: &User) -> String {
    format!("\"{}\"", user.version)
}

/// What an `If-Match` header asks for. A tag that is none of ours, or a weak one, matches no version.
pub fn expected(if_match: Option<&str>) -> Expected {
    match if_match.map(str::trim) {
        None | Some("*") => Expected::Any,
        Some(tags) => Expected::Versions(tags.split(',').filter_map(version).collect()),
    }
}

fn version(tag: &str) -> Option<i64> {
    tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_content_is_recognised() {
        let etag = content_etag(b"x");
        assert!(is_held(&etag, &etag) && is_held("*", &etag) && is_held(&format!("\"y\" , {etag}"), &etag));
        assert!(is_held(etag.trim_start_matches("W/"), &etag));
        assert!(!is_held("", &etag) && !is_held("\"y\"", &etag) && !is_held(&etag, &content_etag(b"y")));
    }

    #[test]
    fn tags_name_versions() {
        assert_eq!(expected(None), Expected::Any);
        assert_eq!(expected(Some(" * ")), Expected::Any);
        assert_eq!(expected(Some("\"3\"")), Expected::Versions(vec![3]));
        assert_eq!(expected(Some("\"x\", \"4\",W/\"5\"")), Expected::Versions(vec![4]));
        assert_eq!(expected(Some("")), Expected::Versions(vec![]));
    }
}
