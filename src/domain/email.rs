use std::fmt;
use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization;

use super::text::is_invisible;

/// An email address. It is shown as it was typed, and unique by its case-folded key.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    typed: String,
    key: String,
}

/// Why a text is not a valid email address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Only white space.
    #[error("an email address is required")]
    Empty,
    /// Longer than a path in RFC 5321 may be.
    #[error("the email address must have at most {} bytes", Email::LONGEST)]
    TooLong,
    /// Not of the form `name@domain.tld`.
    #[error("expected an email address such as name@example.com")]
    Malformed,
}

impl Email {
    /// The greatest length in bytes (RFC 5321, section 4.5.3.1.3, without the angle brackets).
    pub const LONGEST: usize = 254;
    /// The greatest length of the local part in bytes (RFC 5321, section 4.5.3.1.1).
    const LONGEST_LOCAL: usize = 64;

    /// Characters beyond ASCII that no local part has, although RFC 6531 allows any: punctuation, symbols and
    /// private use of the basic plane. Keyboards put them where ASCII was meant, as in `o’neil`.
    pub const NOT_IN_LOCAL: [RangeInclusive<char>; 20] = [
        '\u{80}'..='\u{A9}',
        '\u{AB}'..='\u{B4}',
        '\u{B6}'..='\u{B9}',
        '\u{BB}'..='\u{BF}',
        '\u{D7}'..='\u{D7}',
        '\u{F7}'..='\u{F7}',
        '\u{2C2}'..='\u{2C5}',
        '\u{2D2}'..='\u{2DF}',
        '\u{2000}'..='\u{2BFF}',
        '\u{2E00}'..='\u{2E7F}',
        '\u{3000}'..='\u{3004}',
        '\u{3008}'..='\u{3020}',
        '\u{3030}'..='\u{3030}',
        '\u{E000}'..='\u{F8FF}',
        '\u{FE10}'..='\u{FE6F}',
        '\u{FF00}'..='\u{FF0F}',
        '\u{FF1A}'..='\u{FF20}',
        '\u{FF3B}'..='\u{FF40}',
        '\u{FF5B}'..='\u{FF65}',
        '\u{FFE0}'..='\u{FFFF}',
    ];

    /// Trims a typed email address and checks its form: what this accepts is all that a mail can be sent to.
    /// Rejects quoted local parts and address literals (`[127.0.0.1]`), as mail programs do.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let typed: String = text.trim().nfc().collect();
        if typed.is_empty() {
            return Err(EmailError::Empty);
        }
        if typed.len() > Self::LONGEST {
            return Err(EmailError::TooLong);
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(EmailError::Malformed)?;
        if !is_local_part(local) || domain.chars().any(is_invisible) {
            return Err(EmailError::Malformed);
        }
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| EmailError::Malformed)?;
        let labels = domain.split('.').count();
        if labels < 2 || domain.rsplit('.').next().is_none_or(|top| top.bytes().all(|b| b.is_ascii_digit())) {
            return Err(EmailError::Malformed);
        }
        let key = format!("{}@{domain}", fold(local));
        // The form that is mailed may be longer than both: its domain is that of the key.
        if key.len().max(local.len() + 1 + domain.len()) > Self::LONGEST {
            return Err(EmailError::TooLong);
        }
        Ok(Self { typed, key })
    }

    /// Wraps an email address from storage without checking it again, so that rules added since then cannot
    /// change its key.
    #[must_use]
    pub fn stored(typed: String, key: String) -> Self {
        Self { typed, key }
    }

    /// The email address as it was typed, trimmed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The local part as it was typed, and the domain as its A-label: the form that mail servers expect.
    #[must_use]
    pub fn parts(&self) -> (&str, &str) {
        let local = self.typed.rsplit_once('@').map_or("", |(local, _)| local);
        let domain = self.key.rsplit_once('@').map_or("", |(_, domain)| domain);
        (local, domain)
    }

    /// The mailbox in which a mail to this email address most likely ends: the key without a sub-address (RFC
    /// 5233). Many mail servers let their users invent sub-addresses.
    #[must_use]
    pub fn mailbox(&self) -> String {
        let (local, domain) = self.key.rsplit_once('@').unwrap_or((&self.key, ""));
        let mailbox = local.split('+').next().filter(|mailbox| !mailbox.is_empty()).unwrap_or(local);
        format!("{mailbox}@{domain}")
    }

    /// The key by which email addresses are unique: the local part without case or compatibility variants,
    /// and the domain as its A-label (RFC 5890).
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// Writes the email address as it was typed.
impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Email({})", self.typed)
    }
}

/// The dot-atom of RFC 5322 with letters, marks and digits of all scripts, as RFC 6531 allows.
fn is_local_part(local: &str) -> bool {
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c) || is_letter(c);
    !local.is_empty()
        && local.len() <= Email::LONGEST_LOCAL
        && local.chars().all(atom)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_letter(c: char) -> bool {
    let is_refused = || Email::NOT_IN_LOCAL.iter().any(|range| range.contains(&c));
    !c.is_ascii() && !c.is_whitespace() && !is_invisible(c) && !is_refused()
}

/// Folds case and compatibility variants, close to Unicode's compatibility caseless match (section 3.13,
/// D146). Lower case, upper case and lower case again, so that `ẞ` and `ß` match `SS`, and the two forms of a
/// sigma match. Decomposed first, because a capital letter with an adscript iota decomposes in another order
/// than a small one.
fn fold(text: &str) -> String {
    let lower: String = text.nfkd().flat_map(char::to_lowercase).collect();
    lower.to_uppercase().chars().flat_map(char::to_lowercase).nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_of_one_address_share_a_key_and_keep_their_look() {
        let same = ["Ada@Example.com", " ada@example.COM ", "ＡＤＡ@example.com", "ada@EXAMPLE.com\n"];
        for typed in same {
            assert_eq!(Email::parse(typed).unwrap().key(), "ada@example.com", "{typed:?}");
        }
        assert_eq!(Email::parse(" Ada@Example.com ").unwrap().as_str(), "Ada@Example.com");
        assert_eq!(Email::parse("ΟΔΟΣ@x.gr").unwrap().key(), Email::parse("οδος@x.gr").unwrap().key());
        assert_eq!(Email::parse("STRASSE@x.de").unwrap().key(), Email::parse("straße@x.de").unwrap().key());
        assert_eq!(Email::parse("STRAẞE@x.de").unwrap().key(), "strasse@x.de");
        assert_eq!(fold("\u{1FB7}"), fold("\u{1FBC}\u{342}"));
        assert_eq!(Email::parse("e\u{301}@x.fr").unwrap().key(), Email::parse("é@x.fr").unwrap().key());
        assert_eq!(Email::parse("a@BÜCHER.example").unwrap().key(), "a@xn--bcher-kva.example");
    }

    #[test]
    fn no_letter_has_a_variant_with_another_key() {
        for letter in ('\0'..=char::MAX).filter(|c| c.is_alphanumeric()).map(String::from) {
            let key = fold(&letter);
            let composed = [letter.nfc(), letter.nfkc()].map(Iterator::collect::<String>);
            let apart = [letter.nfd(), letter.nfkd()].map(Iterator::collect::<String>);
            let cases = [letter.to_lowercase(), letter.to_uppercase(), key.clone()];
            for variant in composed.iter().chain(&apart).chain(&cases) {
                assert_eq!(fold(variant), key, "{letter} {variant}");
            }
        }
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        let wrong = [
            "a",
            "@",
            "a@",
            "@b.c",
            "a@b",
            "a@b..c",
            "a@.b.c",
            ".a@b.c",
            "a.@b.c",
            "a..b@b.c",
            "a b@b.c",
            "a@b c.d",
            "a\0@b.c",
            "a\u{202E}@b.c",
            "a\u{200B}@b.c",
            "a\u{FE0F}@b.c",
            "a\u{34F}@b.c",
            "a\u{3164}@b.c",
            "a\u{E0041}@b.c",
            "a\u{61C}@b.c",
            "a@b\u{200B}.c",
            "\"a b\"@b.c",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@-b.c",
            "a@b.c>",
            "<a@b.c>",
            "a,b@c.d",
            "a@b@c.d",
            "a\r\nBcc: x@b.c",
            "o\u{2019}neil@b.c",
            "\u{201C}a\u{201D}@b.c",
            "a\u{FF0E}b@b.c",
            "a\u{FF20}b@b.c",
            "a\u{E000}@b.c",
            "a\u{FFFD}@b.c",
            "a\u{80}@b.c",
        ];
        for typed in wrong {
            assert_eq!(Email::parse(typed), Err(EmailError::Malformed), "{typed:?}");
        }
        assert_eq!(Email::parse(" \t"), Err(EmailError::Empty));
    }

    #[test]
    fn an_address_may_have_letters_marks_and_digits_of_any_script() {
        for typed in ["jürgen@b.cd", "हिन्दी@b.cd", "用户１２@b.cd", "о.Ўл@пример.бел", "َمحمد@b.cd"]
        {
            assert_eq!(Email::parse(typed).unwrap().as_str(), typed);
        }
    }

    #[test]
    fn length_is_counted_in_bytes() {
        let address = |n: usize| {
            format!("a@{}.{}.{}.{}.com", "b".repeat(63), "c".repeat(63), "d".repeat(63), "e".repeat(n))
        };
        let longest = address(254 - "a@".len() - 3 * 64 - ".com".len());
        assert_eq!(longest.len(), 254);
        assert!(Email::parse(&longest).is_ok());
        assert_eq!(Email::parse(&format!("a{longest}")), Err(EmailError::TooLong));
        assert_eq!(Email::parse(&format!("{}@b.cd", "a".repeat(65))), Err(EmailError::Malformed));
        // The mailed form is longer than both others: "ü" is "xn--tda", and a wide letter has three bytes.
        let address = |n: usize| format!("{}@{}de", "Ａ".repeat(21), "ü.".repeat(n));
        assert!(Email::parse(&address(23)).is_ok());
        assert_eq!(Email::parse(&address(24)), Err(EmailError::TooLong));
    }
}
