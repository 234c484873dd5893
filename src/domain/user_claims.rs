//! The claims of access tokens that are members of the user, as `security.token.claims` lists them.

use super::email::Email;
use super::name::DisplayName;
use super::text::OneLine;
use super::user::{User, words};

/// The claims that an installation adds to access tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserClaims(Vec<UserClaim>);

/// One claim: its name in the token, and the member of the user that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserClaim {
    name: String,
    source: ClaimSource,
}

/// A member of a user that a claim can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimSource {
    /// The email address.
    Email,
    /// Whether the email address was verified.
    EmailVerified,
    /// The display name.
    Name,
}

words!(ClaimSource { Email = "email", EmailVerified = "email_verified", Name = "name" });

/// The value of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimValue {
    /// A text.
    Text(String),
    /// A truth.
    Flag(bool),
}

/// A claim of one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimOfUser {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: ClaimValue,
}

/// Why a claim cannot be added to access tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// There is no such member.
    #[error("invalid entry {0:?}: expected one of {list}, or a claim and one of them, such as mail=email",
        list = ClaimSource::WORDS.join(", "))]
    UnknownSource(String),
    /// The name has a meaning for those who verify tokens.
    #[error("invalid entry {0:?}: the claim {1:?} is reserved")]
    Reserved(String, String),
    /// The name is that of another member, as which it would be read.
    #[error("invalid entry {0:?}: the claim {1:?} can only have the member {1:?}")]
    OtherMember(String, String),
    /// The name has a wrong form.
    #[error(
        "invalid entry {0:?}: the name of a claim begins with a letter and has at most {LONGEST_NAME} letters, \
         digits and characters of -._~:/#"
    )]
    MalformedName(String),
    /// Anybody can register with an address that is not theirs.
    #[error("the member email needs email_verified beside it, so that services can tell a claimed address")]
    Unverified,
    /// Two entries have the same name.
    #[error("invalid entry {0:?}: another entry has the same claim")]
    Repeated(String),
}

/// The claims with a meaning of their own: those of RFC 7519 and of RFC 9068 with the claims that it takes
/// over, those of OpenID Connect, of proofs and of delegation (RFC 7800, RFC 8693), and ours.
const RESERVED: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "client_id",
    "auth_time",
    "acr",
    "amr",
    "azp",
    "nonce",
    "scope",
    "scp",
    "groups",
    "roles",
    "entitlements",
    "role",
    "sid",
    "typ",
    "cnf",
    "act",
    "may_act",
    "authorization_details",
    "events",
    // Frameworks read these as the rights or the name of the caller.
    "permissions",
    "authorities",
    "upn",
    "unique_name",
    "preferred_username",
    "oid",
];

/// How the names of claims begin that .NET reads as roles and names.
const RESERVED_NAMESPACE: &str = "http://schemas.";

/// In characters, which are bytes.
const LONGEST_NAME: usize = 128;

impl UserClaims {
    /// The most claims of one installation.
    pub const MOST: usize = 16;

    /// Collects claims of different names.
    pub fn new(claims: Vec<UserClaim>) -> Result<Self, ClaimError> {
        for (index, claim) in claims.iter().enumerate() {
            if claims.iter().take(index).any(|earlier| earlier.name.eq_ignore_ascii_case(&claim.name)) {
                return Err(ClaimError::Repeated(claim.name.clone()));
            }
        }
        let has = |source| claims.iter().any(|claim| claim.source == source);
        if has(ClaimSource::Email) && !has(ClaimSource::EmailVerified) {
            return Err(ClaimError::Unverified);
        }
        Ok(Self(claims))
    }

    /// Whether tokens have no claims but the fixed ones, so that they need not be read from the user.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of the claims.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|claim| claim.name.as_str())
    }

    /// The greatest length of all claims in a token, in bytes of JSON.
    #[must_use]
    pub fn longest(&self) -> usize {
        // The name in quotes, a colon, the value and a comma.
        self.0.iter().map(|claim| claim.name.len() + 4 + claim.source.longest()).sum()
    }

    /// The claims of a user. A member without a value gives no claim.
    #[must_use]
    pub fn of(&self, user: &User) -> Vec<ClaimOfUser> {
        let claim = |claim: &UserClaim| {
            claim.source.value(user).map(|value| ClaimOfUser { name: claim.name.clone(), value })
        };
        self.0.iter().filter_map(claim).collect()
    }
}

impl UserClaim {
    /// Parses an entry: a member, which gives the claim its name, or the name of the claim, `=` and the
    /// member.
    pub fn parse(entry: &str) -> Result<Self, ClaimError> {
        let (name, source) = match entry.split_once('=') {
            Some((name, source)) => (Some(name.trim()), source.trim()),
            None => (None, entry.trim()),
        };
        let source = ClaimSource::parse(source).ok_or_else(|| ClaimError::UnknownSource(entry.to_owned()))?;
        let name = name.unwrap_or_else(|| source.claim()).to_owned();
        if is_reserved(&name) {
            return Err(ClaimError::Reserved(entry.to_owned(), name));
        }
        if !is_name_of_user_claim(&name) {
            return Err(ClaimError::MalformedName(entry.to_owned()));
        }
        if ClaimSource::parse(&name).is_some_and(|other| other != source) {
            return Err(ClaimError::OtherMember(entry.to_owned(), name));
        }
        Ok(Self { name, source })
    }
}

/// Whether a claim of this name can be that of a user: it has the right form and no meaning of its own.
#[must_use]
pub fn is_name_of_user_claim(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/#".contains(&byte))
        && !is_reserved(name)
}

/// Some verifiers compare names without their case: `encoding/json` of Go, and .NET.
fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name))
        || name
            .get(..RESERVED_NAMESPACE.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(RESERVED_NAMESPACE))
}

impl ClaimSource {
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    /// The name of a claim for which no name was given.
    const fn claim(self) -> &'static str {
        self.as_str()
    }

    fn value(self, user: &User) -> Option<ClaimValue> {
        match self {
            Self::Email => Some(ClaimValue::Text(user.email.as_str().to_owned())),
            Self::EmailVerified => Some(ClaimValue::Flag(user.email_verified)),
            Self::Name => user.name.as_ref().map(|name| ClaimValue::Text(name.as_str().to_owned())),
        }
    }

    /// The greatest length of the value, in bytes of JSON. A quotation mark takes two bytes there, and any
    /// other character at most the four of UTF-8, because neither member has control characters.
    const fn longest(self) -> usize {
        match self {
            Self::Email => 2 + 2 * Email::LONGEST,
            Self::EmailVerified => "false".len(),
            Self::Name => 2 + 4 * DisplayName::LONGEST,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(entries: &[&str]) -> Result<Vec<String>, ClaimError> {
        let claims = entries.iter().map(|entry| UserClaim::parse(entry)).collect::<Result<Vec<_>, _>>()?;
        Ok(UserClaims::new(claims)?.names().map(str::to_owned).collect())
    }

    #[test]
    fn an_entry_is_a_member_or_a_claim_with_its_member() {
        assert_eq!(names(&["email", "email_verified", "name"]).unwrap(), ["email", "email_verified", "name"]);
        let renamed =
            ["mail=email", "https://example.com/name = name", "name", "urn:x:a#b=name", "email_verified"];
        assert_eq!(
            names(&renamed).unwrap(),
            ["mail", "https://example.com/name", "name", "urn:x:a#b", "email_verified"]
        );
        for (entry, expected) in [
            ("phone", "expected one of email, email_verified, name, or a claim"),
            ("", "expected one of email"),
            ("mail=", "expected one of email"),
            ("=email", "the name of a claim begins with a letter"),
            ("__proto__=name", "the name of a claim begins with a letter"),
            ("a b=name", "the name of a claim begins with a letter"),
            ("a\"b=name", "the name of a claim begins with a letter"),
            ("email=name", "the claim \"email\" can only have the member \"email\""),
            ("email_verified=name", "can only have the member \"email_verified\""),
            (&format!("{}=name", "a".repeat(129)), "at most 128 letters"),
        ] {
            let error = names(&[entry]).unwrap_err().to_string();
            assert!(error.starts_with("invalid entry") && error.contains(expected), "{entry}: {error}");
        }
        assert_eq!(names(&["name", "name"]), Err(ClaimError::Repeated("name".to_owned())));
    }

    #[test]
    fn no_claim_takes_the_name_of_one_with_a_meaning() {
        for name in RESERVED {
            let entry = format!("{name}=name");
            assert_eq!(names(&[&entry]), Err(ClaimError::Reserved(entry.clone(), (*name).to_owned())));
            assert!(!is_name_of_user_claim(name));
        }
    }
}
