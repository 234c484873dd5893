use crate::domain::SigningKey;

/// The `Cache-Control` of the published keys and of what names them.
pub fn caching(is_current: bool) -> String {
    if is_current {
        format!("public, max-age={}", SigningKey::CACHED.as_secs())
    } else {
        // A key that is published now and becomes active in five minutes may be missing.
        "no-cache".to_owned()
    }
}
