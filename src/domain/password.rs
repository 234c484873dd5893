use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;

use super::email::Email;

/// A password as a client presented it: normalized (NFC), otherwise unchecked.
#[derive(Clone, Debug)]
pub struct Password(SecretString);

/// A password that may be set: of valid length and not among the most common ones.
#[derive(Clone, Debug)]
pub struct NewPassword(Password);

/// The allowed length of a new password, in characters (NIST SP 800-63B, section 3.1.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    shortest: usize,
    longest: usize,
}

/// Why a password may not be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer characters than this limit of the policy.
    #[error("the password must have at least {0} characters")]
    TooShort(usize),
    /// More characters than this limit of the policy.
    #[error("the password must have at most {0} characters")]
    TooLong(usize),
    /// A control character. No keyboard types one, and many tools cut a text at it.
    #[error("the password must not contain control characters")]
    Control,
    /// One of the most common passwords, which attackers try first.
    #[error("this password is too common; choose another one")]
    Common,
    /// The user's own email address.
    #[error("the password must not be the email address")]
    IsAddress,
}

impl Password {
    /// Normalizes the text (NFC), so that two keyboards that encode `é` differently type the same password.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(SecretString::from(text.nfc().collect::<String>()))
    }

    /// The text that is hashed.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl NewPassword {
    /// Checks all rules that depend on the password alone.
    pub fn parse(text: &str, policy: PasswordPolicy) -> Result<Self, WeakPassword> {
        let password = Password::new(text);
        let characters = password.expose().chars().count();
        if characters < policy.shortest {
            return Err(WeakPassword::TooShort(policy.shortest));
        }
        if characters > policy.longest {
            return Err(WeakPassword::TooLong(policy.longest));
        }
        if password.expose().chars().any(char::is_control) {
            return Err(WeakPassword::Control);
        }
        if is_common(&password.expose().to_lowercase()) {
            return Err(WeakPassword::Common);
        }
        Ok(Self(password))
    }

    /// Checks the rule that depends on the user: the password is neither the email address nor its local
    /// part.
    pub fn check_against(&self, email: &Email) -> Result<(), WeakPassword> {
        let password = self.0.expose().to_lowercase();
        let local = email.key().split('@').next();
        if password == email.key() || password == email.as_str().to_lowercase() || local == Some(&password) {
            Err(WeakPassword::IsAddress)
        } else {
            Ok(())
        }
    }

    /// The checked password.
    #[must_use]
    pub fn as_password(&self) -> &Password {
        &self.0
    }
}

/// The policy of the default settings.
impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { shortest: Self::LEAST, longest: 256 }
    }
}

impl PasswordPolicy {
    /// The smallest minimum that a policy may have (NIST SP 800-63B).
    pub const LEAST: usize = 8;

    /// The greatest maximum that a policy may have: each attempt sends and hashes the whole password.
    pub const MOST: usize = 4096;

    /// Returns `None` unless `8 <= shortest <= longest`.
    #[must_use]
    pub const fn new(shortest: usize, longest: usize) -> Option<Self> {
        if Self::LEAST <= shortest && shortest <= longest { Some(Self { shortest, longest }) } else { None }
    }

    /// The minimum number of characters.
    #[must_use]
    pub const fn shortest(self) -> usize {
        self.shortest
    }

    /// The maximum number of characters.
    #[must_use]
    pub const fn longest(self) -> usize {
        self.longest
    }
}

/// The stored form of a password: a PHC string or the format of an imported scheme, never the password.
#[derive(Clone)]
pub struct PasswordHash(SecretString);

impl PasswordHash {
    /// Stored instead of a hash if no password opens the account.
    const UNUSABLE: &'static str = "!";

    /// A hash that no password matches.
    #[must_use]
    pub fn unusable() -> Self {
        Self::new(Self::UNUSABLE.to_owned())
    }

    /// Whether a password can match this hash.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.expose() != Self::UNUSABLE
    }

    /// Wraps the text without checking it. Only the hasher understands it.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// The text to store or to verify against.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl PartialEq for PasswordHash {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash([redacted])")
    }
}

/// The 20,000 most common passwords in lower case, sorted bytewise, one per line. Collected by Royce Williams
/// from leaked hashes, as Django ships them (BSD-3-Clause).
static COMMON: &str = include_str!("common_passwords.txt");

/// Iterates over the most common passwords.
pub fn common_passwords() -> impl Iterator<Item = &'static str> {
    COMMON.lines()
}

/// Binary search in the text itself, so that no table has to be built and kept in memory.
fn is_common(password: &str) -> bool {
    let text = COMMON.as_bytes();
    let (mut low, mut high) = (0, text.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        let start = text[..middle].iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        let end = text[middle..].iter().position(|&b| b == b'\n').map_or(text.len(), |at| middle + at);
        match text[start..end].cmp(password.as_bytes()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: PasswordPolicy = PasswordPolicy { shortest: 8, longest: 256 };

    fn weakness(text: &str) -> Option<WeakPassword> {
        NewPassword::parse(text, POLICY).err()
    }

    #[test]
    fn length_counts_composed_characters() {
        assert_eq!(weakness("1234567"), Some(WeakPassword::TooShort(8)));
        assert_eq!(weakness(&"e\u{301}".repeat(7)), Some(WeakPassword::TooShort(8)));
        assert_eq!(weakness(&"e\u{301}".repeat(256)), None);
        assert_eq!(weakness(&"é".repeat(257)), Some(WeakPassword::TooLong(256)));
        assert_eq!(weakness("correct\0horse"), Some(WeakPassword::Control));
        assert_eq!(weakness("        correct horse  "), None);
    }

    #[test]
    fn every_line_of_the_list_is_found_whatever_its_case() {
        assert!(COMMON.lines().count() >= 10_000);
        for line in COMMON.lines() {
            assert!(is_common(line), "{line}");
        }
        assert_eq!(weakness("PassWord1"), Some(WeakPassword::Common));
        assert!(!is_common("") && !is_common("zzzzzzzzzzzzzzzzz") && !is_common("correct horse"));
    }

    #[test]
    fn the_address_is_not_a_password() {
        let email = Email::parse("Ada.Lovelace@Example.com").unwrap();
        let check = |text| NewPassword::parse(text, POLICY).unwrap().check_against(&email);
        assert_eq!(check("ada.lovelace@example.COM"), Err(WeakPassword::IsAddress));
        assert_eq!(check("Ada.Lovelace"), Err(WeakPassword::IsAddress));
        assert_eq!(check("Ada.Lovelace!"), Ok(()));
    }

    #[test]
    fn nothing_prints_a_secret() {
        let password = NewPassword::parse("correct horse", POLICY).unwrap();
        let hash = PasswordHash::new("$argon2id$correct".to_owned());
        let shown = format!("{password:?} {hash:?}");
        assert!(!shown.contains("correct"), "{shown}");
    }

    #[test]
    fn a_policy_is_never_weaker_than_eight() {
        assert!(PasswordPolicy::new(7, 256).is_none());
        assert!(PasswordPolicy::new(9, 8).is_none());
    }
}
