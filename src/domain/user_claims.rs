//! The claims of access tokens that are members of the user, as `security.token.claims` lists them.

use serde_json::Value;

use super::claim_name::{LONGEST_NAME, is_name_of_user_claim, is_reserved};
use super::claim_source::ClaimSource;
use super::user::User;

/// The claims that an installation adds to access tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserClaims(Vec<UserClaim>);

/// One claim: its name in the token, and the member of the user that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserClaim {
    name: String,
    source: ClaimSource,
}

/// A claim of one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimOfUser {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Value,
}

/// A claim that a token of one user has no room for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// Its name.
    pub name: String,
    /// The length of its value, in bytes of compact JSON.
    pub bytes: usize,
    /// Whether the user can set the value.
    pub is_written_by_user: bool,
}

/// Why a claim cannot be added to access tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// There is no such member.
    #[error("invalid entry {0:?}: expected one of {list}, or a claim and one of them, such as mail=email",
        list = ClaimSource::FORMS)]
    UnknownSource(String),
    /// The name has a meaning for those who verify tokens.
    #[error("invalid entry {0:?}: the claim {1:?} is reserved")]
    Reserved(String, String),
    /// The name is that of another member, as which it would be read.
    #[error(
        "invalid entry {0:?}: the claim {1:?} would be taken for another member of the user; choose another name"
    )]
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
        let named =
            |source| claims.iter().find(|claim| claim.source == source).map(|claim| claim.name.as_str());
        // Readers who know `email` look for `email_verified` and for no other name.
        let is_complete = match (named(ClaimSource::Email), named(ClaimSource::EmailVerified)) {
            (None, _) => true,
            (Some(email), Some(verified)) => email != "email" || verified == "email_verified",
            (Some(_), None) => false,
        };
        if !is_complete {
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

    /// The claims of a user. A member without a value gives no claim, and neither does one of the metadata
    /// that is too long: each has room of its own, so that no value of a user displaces another claim.
    #[must_use]
    pub fn of(&self, user: &User) -> (Vec<ClaimOfUser>, Vec<TooLong>) {
        let (mut claims, mut left_out) = (Vec::new(), Vec::new());
        for UserClaim { name, source } in &self.0 {
            let Some(value) = source.value(user) else { continue };
            let name = name.clone();
            let bytes = value.to_string().len();
            if bytes <= source.longest() {
                claims.push(ClaimOfUser { name, value });
            } else {
                left_out.push(TooLong { name, bytes, is_written_by_user: source.is_written_by_user() });
            }
        }
        (claims, left_out)
    }

    /// The first claim that users can set to any value.
    #[must_use]
    pub fn written_by_user(&self) -> Option<&UserClaim> {
        self.0.iter().find(|claim| claim.source.is_written_by_user())
    }
}

impl UserClaim {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The member of the user that it has.
    #[must_use]
    pub const fn source(&self) -> &ClaimSource {
        &self.source
    }

    /// Parses an entry: a member, which gives the claim its name, or the name of the claim, `=` and the
    /// member.
    pub fn parse(entry: &str) -> Result<Self, ClaimError> {
        let (name, source) = match entry.split_once('=') {
            Some((name, source)) => (Some(name.trim()), source.trim()),
            None => (None, entry.trim()),
        };
        let source = ClaimSource::parse(source).ok_or_else(|| ClaimError::UnknownSource(entry.to_owned()))?;
        let name = name.map_or_else(|| source.to_string(), str::to_owned);
        if is_reserved(&name) {
            return Err(ClaimError::Reserved(entry.to_owned(), name));
        }
        if !is_name_of_user_claim(&name) {
            return Err(ClaimError::MalformedName(entry.to_owned()));
        }
        if ClaimSource::is_implied_by(&name) && name != source.to_string() {
            return Err(ClaimError::OtherMember(entry.to_owned(), name));
        }
        Ok(Self { name, source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::claim_name::RESERVED;
    use crate::domain::{Email, Metadata, Role, Timestamp, UserId, UserStatus};

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
            (
                "phone",
                "expected one of email, email_verified, name, metadata.… or app_metadata.…, or a claim",
            ),
            ("metadata", "expected one of email"),
            ("plan=metadata.", "expected one of email"),
            ("", "expected one of email"),
            ("mail=", "expected one of email"),
            ("=email", "the name of a claim begins with a letter"),
            ("__proto__=name", "the name of a claim begins with a letter"),
            ("a b=name", "the name of a claim begins with a letter"),
            ("a\"b=name", "the name of a claim begins with a letter"),
            ("email=name", "the claim \"email\" would be taken for another member"),
            ("email_verified=name", "the claim \"email_verified\" would be taken for another member"),
            ("Email=name", "the claim \"Email\" would be taken for another member"),
            (
                "email_verified=metadata.verified",
                "the claim \"email_verified\" would be taken for another member",
            ),
            (
                "app_metadata.plan=metadata.plan",
                "the claim \"app_metadata.plan\" would be taken for another member",
            ),
            (
                "App_Metadata.plan=app_metadata.plan",
                "the claim \"App_Metadata.plan\" would be taken for another member",
            ),
            ("metadata.tenant id", "the name of a claim begins with a letter"),
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

    fn ada() -> User {
        User {
            id: UserId(uuid::Uuid::from_u128(1)),
            email: Email::parse("ada@example.com").unwrap(),
            email_verified: true,
            locale: None,
            name: None,
            role: Role::User,
            status: UserStatus::Active,
            metadata: Metadata::default(),
            app_metadata: Metadata::default(),
            version: 1,
            created_at: Timestamp::EPOCH,
            updated_at: Timestamp::EPOCH,
        }
    }

    #[test]
    fn a_member_of_the_metadata_has_room_of_its_own() {
        let claims =
            ["metadata.plan", "tenant=app_metadata.tenant"].map(|entry| UserClaim::parse(entry).unwrap());
        let claims = UserClaims::new(claims.to_vec()).unwrap();
        assert_eq!(claims.written_by_user().map(UserClaim::name), Some("metadata.plan"));
        let user = |plan: usize| User {
            metadata: Metadata::stored(&format!(r#"{{"plan":"{}"}}"#, "x".repeat(plan))).unwrap(),
            app_metadata: Metadata::stored(r#"{"tenant":{"id":7}}"#).unwrap(),
            ..ada()
        };
        let longest = ClaimSource::LONGEST_MEMBER - 2;
        let tenant = ClaimOfUser { name: "tenant".to_owned(), value: serde_json::json!({ "id": 7 }) };
        let (all, left_out) = claims.of(&user(longest));
        assert_eq!((all.len(), &all[1], left_out), (2, &tenant, Vec::new()));
        let name = "metadata.plan".to_owned();
        let plan = TooLong { name, bytes: ClaimSource::LONGEST_MEMBER + 1, is_written_by_user: true };
        assert_eq!(claims.of(&user(longest + 1)), (vec![tenant], vec![plan]));
    }
}
