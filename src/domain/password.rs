use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;

use super::email::Email;

/// A password as somebody claims to know it: composed (NFC), not checked for anything else.
#[derive(Clone, Debug)]
pub struct Password(SecretString);

/// A password fit to be set: of the right length and not among the commonest.
#[derive(Clone, Debug)]
pub struct NewPassword(Password);

/// How long a new password may be, in characters (NIST SP 800-63B, section 3.1.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    shortest: usize,
    longest: usize,
}

/// Why a password may not be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer characters than the policy asks for.
    #[error("a password has at least {0} characters")]
    TooShort(usize),
    /// More characters than the policy takes.
    #[error("a password has at most {0} characters")]
    TooLong(usize),
    /// A control character, which no keyboard types and many a tool cuts a text at.
    #[error("a password has no control characters")]
    Control,
    /// Among the passwords that are tried first.
    #[error("this password is among the commonest; choose another")]
    Common,
    /// The user's own address.
    #[error("a password may not be the address itself")]
    IsAddress,
}

impl Password {
    /// Composes the text (NFC), so that two keyboards that type `é` differently type one password.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(SecretString::from(text.nfc().collect::<String>()))
    }

    /// The bytes that are hashed.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl NewPassword {
    /// Checks everything that can be told from the password alone.
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

    /// Checks what needs the user: the password is not the address, in whole or before the `@`.
    pub fn check_against(&self, email: &Email) -> Result<(), WeakPassword> {
        let password = self.0.expose().to_lowercase();
        let local = email.key().split('@').next();
        if password == email.key() || password == email.as_str().to_lowercase() || local == Some(&password) {
            Err(WeakPassword::IsAddress)
        } else {
            Ok(())
        }
    }

    /// The password to hash.
    #[must_use]
    pub fn as_password(&self) -> &Password {
        &self.0
    }
}

impl PasswordPolicy {
    /// No policy may ask for less (NIST SP 800-63B).
    pub const LEAST: usize = 8;

    /// `None` unless `8 <= shortest <= longest`.
    #[must_use]
    pub const fn new(shortest: usize, longest: usize) -> Option<Self> {
        if Self::LEAST <= shortest && shortest <= longest { Some(Self { shortest, longest }) } else { None }
    }

    /// The fewest characters a password may have.
    #[must_use]
    pub const fn shortest(self) -> usize {
        self.shortest
    }

    /// The most characters a password may have.
    #[must_use]
    pub const fn longest(self) -> usize {
        self.longest
    }
}

/// What is stored of a password: a PHC string (or a foreign scheme's own form), never the password.
#[derive(Clone)]
pub struct PasswordHash(SecretString);

impl PasswordHash {
    /// What stands in the place of a hash when no password opens the account.
    const UNUSABLE: &'static str = "!";

    /// The hash of no password.
    #[must_use]
    pub fn unusable() -> Self {
        Self::new(Self::UNUSABLE.to_owned())
    }

    /// Whether a password can have this hash.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.expose() != Self::UNUSABLE
    }

    /// Takes the text as it is; only the hasher understands it.
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

/// The 20,000 commonest passwords in lower case, sorted bytewise, one a line. Collected by Royce Williams
/// from leaked hashes, as Django ships them (BSD-3-Clause).
static COMMON: &str = include_str!("common_passwords.txt");

/// Every common password.
pub fn common_passwords() -> impl Iterator<Item = &'static str> {
    COMMON.lines()
}

/// A binary search over the text itself: no table is built, so nothing is kept in memory for it.
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
