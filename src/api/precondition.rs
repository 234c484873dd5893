//! Entity tags and preconditions: `ETag`, `If-Match` and `If-None-Match` (RFC 9110, sections 8.8.3 and 13.1).

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use poem::http::header::IF_MATCH;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaParamIn, MetaSchemaRef, Registry};
use poem_openapi::types::Type as _;
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use crate::usecases::Precondition;

/// The entity tag of a content. It is weak, because the content may be sent compressed.
pub fn content_etag(content: &[u8]) -> String {
    format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(digest(&SHA256, content)))
}

/// Whether a client that sent this `If-None-Match` has the content of this entity tag.
pub fn is_held(if_none_match: &str, etag: &str) -> bool {
    fn opaque(tag: &str) -> &str {
        tag.trim().trim_start_matches("W/")
    }
    if_none_match.split(',').any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
}

/// The entity tag of a version of an entity.
pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// The `If-Match` header. The reader of poem-openapi uses only one line of it and skips values that are not
/// ASCII. A precondition that is missed would allow an unintended change.
pub struct IfMatch(pub Precondition);

impl<'a> ApiExtractor<'a> for IfMatch {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];

    type ParamType = ();
    type ParamRawType = ();

    fn register(_: &mut Registry) {}

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(String::schema_ref())
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let lines = request.headers().get_all(IF_MATCH).iter();
        let lines: Vec<_> = lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
        Ok(Self(expected((!lines.is_empty()).then(|| lines.join(",")).as_deref())))
    }
}

/// The precondition of an `If-Match` header. An unknown tag matches no version. A weak tag matches like the
/// strong one, against RFC 9110 (section 13.1.1): proxies that compress make the tags of responses weak, and
/// the tag still names one version of the user, not its bytes.
fn expected(if_match: Option<&str>) -> Precondition {
    match if_match.map(str::trim) {
        None | Some("*") => Precondition::Any,
        Some(tags) => Precondition::Versions(tags.split(',').filter_map(version).collect()),
    }
}

/// The version of a tag. Only the text of [`etag`] is one: a client that sends `"+3"` did not get it from
/// here.
fn version(tag: &str) -> Option<i64> {
    let tag = tag.trim();
    let strong = tag.strip_prefix("W/").unwrap_or(tag);
    let version = strong.strip_prefix('"')?.strip_suffix('"')?.parse().ok()?;
    (etag(version) == strong).then_some(version)
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
        assert_eq!(expected(None), Precondition::Any);
        assert_eq!(expected(Some(" * ")), Precondition::Any);
        assert_eq!(expected(Some("\"3\"")), Precondition::Versions(vec![3]));
        assert_eq!(expected(Some("\"x\", \"4\",W/\"5\"")), Precondition::Versions(vec![4, 5]));
        assert_eq!(expected(Some("w/\"5\", W/5, W/W/\"5\", W/ \"5\"")), Precondition::Versions(vec![]));
        assert_eq!(expected(Some("\"+5\", \"05\", \"-0\", \" 5\"")), Precondition::Versions(vec![]));
        assert_eq!(expected(Some("")), Precondition::Versions(vec![]));
    }
}
