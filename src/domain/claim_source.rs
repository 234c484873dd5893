use std::fmt;

use serde_json::{Map, Value};

use super::email::Email;
use super::metadata::Metadata;
use super::name::DisplayName;
use super::text::OneLine;
use super::user::User;

/// A member of a user that a claim can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimSource {
    /// The email address.
    Email,
    /// Whether the email address was verified.
    EmailVerified,
    /// The display name.
    Name,
    /// A member of the metadata, which the user writes.
    Metadata(MemberPath),
    /// A member of the metadata that administrators write.
    AppMetadata(MemberPath),
}

/// The names that lead to a member of a JSON object, the outermost first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberPath(Vec<String>);

const EMAIL: &str = "email";
const EMAIL_VERIFIED: &str = "email_verified";
const NAME: &str = "name";
const METADATA: &str = "metadata.";
const APP_METADATA: &str = "app_metadata.";

impl ClaimSource {
    /// How an entry names each of them, for a message.
    pub const FORMS: &str = "email, email_verified, name, metadata.… or app_metadata.…";

    /// The greatest length of a member of the metadata in a token, in bytes of compact JSON. A longer one is
    /// left out.
    pub const LONGEST_MEMBER: usize = 256;

    /// Parses the name of a member. Those of the metadata are paths with dots, such as `metadata.shop.plan`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            EMAIL => Some(Self::Email),
            EMAIL_VERIFIED => Some(Self::EmailVerified),
            NAME => Some(Self::Name),
            _ => None,
        }
        .or_else(|| text.strip_prefix(METADATA).and_then(MemberPath::parse).map(Self::Metadata))
        .or_else(|| text.strip_prefix(APP_METADATA).and_then(MemberPath::parse).map(Self::AppMetadata))
    }

    /// Whether a verifier may take a claim of this name for a member of the user, whatever its value is.
    /// Without regard to case, as some of them read names.
    pub(super) fn is_implied_by(name: &str) -> bool {
        let has_prefix =
            |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        [EMAIL, EMAIL_VERIFIED, NAME].iter().any(|known| known.eq_ignore_ascii_case(name))
            || has_prefix(METADATA)
            || has_prefix(APP_METADATA)
    }

    /// Whether the user can set it to any value.
    #[must_use]
    pub const fn is_written_by_user(&self) -> bool {
        matches!(self, Self::Metadata(_))
    }

    /// The value of a user, as compact JSON would have it.
    pub(super) fn value(&self, user: &User) -> Option<Value> {
        match self {
            Self::Email => Some(user.email.as_str().into()),
            Self::EmailVerified => Some(user.email_verified.into()),
            Self::Name => user.name.as_ref().map(|name| name.as_str().into()),
            Self::Metadata(path) => path.member_of(&user.metadata),
            Self::AppMetadata(path) => path.member_of(&user.app_metadata),
        }
    }

    /// The greatest length of the value, in bytes of JSON. A quotation mark takes two bytes there, and any
    /// other character at most the four of UTF-8, because neither text has control characters.
    pub(super) const fn longest(&self) -> usize {
        match self {
            Self::Email => 2 + 2 * Email::LONGEST,
            Self::EmailVerified => "false".len(),
            Self::Name => 2 + 4 * DisplayName::LONGEST,
            Self::Metadata(_) | Self::AppMetadata(_) => Self::LONGEST_MEMBER,
        }
    }
}

impl fmt::Display for ClaimSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email => f.write_str(EMAIL),
            Self::EmailVerified => f.write_str(EMAIL_VERIFIED),
            Self::Name => f.write_str(NAME),
            Self::Metadata(MemberPath(names)) => write!(f, "{METADATA}{}", names.join(".")),
            Self::AppMetadata(MemberPath(names)) => write!(f, "{APP_METADATA}{}", names.join(".")),
        }
    }
}

impl MemberPath {
    /// Parses names with dots between them. Returns `None` for one that no metadata can have.
    fn parse(text: &str) -> Option<Self> {
        let names: Vec<String> = text.split('.').map(str::to_owned).collect();
        let is_possible = names.len() <= Metadata::DEEPEST && names.iter().all(|name| !name.is_empty());
        is_possible.then_some(Self(names))
    }

    /// Returns the member. One that is null counts as absent.
    fn member_of(&self, metadata: &Metadata) -> Option<Value> {
        let (last, outer) = self.0.split_last()?;
        let mut members: Map<String, Value> = metadata.members();
        for name in outer {
            let Some(Value::Object(inner)) = members.remove(name) else { return None };
            members = inner;
        }
        members.remove(last).filter(|value| !value.is_null())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_named_by_its_path() {
        for text in ["email", "email_verified", "name", "metadata.plan", "app_metadata.shop.tenant id"] {
            assert_eq!(ClaimSource::parse(text).unwrap().to_string(), text);
        }
        let deep = |levels: usize| format!("metadata{}", ".a".repeat(levels));
        assert!(ClaimSource::parse(&deep(Metadata::DEEPEST)).is_some());
        for text in [
            "",
            "Email",
            "metadata",
            "metadata.",
            "app_metadata..a",
            "metadata.a.",
            "data.a",
            &deep(Metadata::DEEPEST + 1),
        ] {
            assert_eq!(ClaimSource::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_member_of_any_kind_is_found_and_an_absent_one_is_not() {
        let metadata = Metadata::stored(
            r#"{"plan":"pro","shop":{"id":7,"tags":["a",null],"gone":null,"deep":{}},"a.b":1,"":2}"#,
        )
        .unwrap();
        let found = |path: &str| MemberPath::parse(path).unwrap().member_of(&metadata).map(|v| v.to_string());
        for (path, value) in [
            ("plan", Some(r#""pro""#)),
            ("shop.id", Some("7")),
            ("shop.tags", Some(r#"["a",null]"#)),
            ("shop.deep", Some("{}")),
            ("shop.gone", None),
            ("shop.tags.0", None),
            ("plan.pro", None),
            ("a.b", None),
            ("Plan", None),
        ] {
            assert_eq!(found(path).as_deref(), value, "{path}");
        }
    }
}
