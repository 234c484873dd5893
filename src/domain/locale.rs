use std::fmt;

/// The tag of a language (BCP 47), such as `de` or `pt-BR`, in its canonical case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Locale(String);

/// A text is not a language tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a language tag such as en, de or pt-BR")]
pub struct LocaleError;

impl Locale {
    /// The greatest length in bytes (RFC 5646, section 4.4.1).
    pub const LONGEST: usize = 35;

    /// Parses a well-formed tag: a language of two or three letters, then subtags of up to eight letters and
    /// digits, of which one with a single character is followed by another (RFC 5646, section 2.1). Whether
    /// the subtags are registered is not checked, because the register grows.
    pub fn parse(text: &str) -> Result<Self, LocaleError> {
        let text = text.trim();
        let subtags: Vec<&str> = text.split('-').collect();
        let language = subtags.first().copied().unwrap_or_default();
        let is_language =
            matches!(language.len(), 2 | 3) && language.bytes().all(|b| b.is_ascii_alphabetic());
        let is_subtag =
            |tag: &&str| (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric());
        let ends_open = subtags.last().is_some_and(|last| last.len() == 1);
        let is_doubled = subtags.windows(2).any(|pair| pair.iter().all(|tag| tag.len() == 1));
        if text.len() > Self::LONGEST
            || !is_language
            || !subtags.iter().all(is_subtag)
            || ends_open
            || is_doubled
        {
            return Err(LocaleError);
        }
        Ok(Self(canonical(&subtags)))
    }

    /// Wraps a tag from storage without checking it again.
    #[must_use]
    pub const fn stored(tag: String) -> Self {
        Self(tag)
    }

    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Writes the subtags in their canonical case: `zh-Hant-TW` (RFC 5646, section 2.1.1).
fn canonical(subtags: &[&str]) -> String {
    let mut is_extension = false;
    let cased = subtags.iter().enumerate().map(|(at, tag)| {
        is_extension |= tag.len() == 1;
        let lower = tag.to_ascii_lowercase();
        match tag.len() {
            _ if at == 0 || is_extension => lower,
            2 => tag.to_ascii_uppercase(),
            4 if !tag.starts_with(|c: char| c.is_ascii_digit()) => {
                lower[..1].to_ascii_uppercase() + &lower[1..]
            }
            _ => lower,
        }
    });
    cased.collect::<Vec<_>>().join("-")
}

/// The languages in which texts exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Languages {
    offered: Vec<Locale>,
    default: Locale,
}

/// The most entries of `Accept-Language` that are read.
const MOST: usize = 20;

impl Languages {
    /// The offered languages, and the one for everybody else.
    #[must_use]
    pub const fn new(offered: Vec<Locale>, default: Locale) -> Self {
        Self { offered, default }
    }

    /// The offered languages.
    #[must_use]
    pub fn offered(&self) -> &[Locale] {
        &self.offered
    }

    /// The language for everybody who wants none of the others.
    #[must_use]
    pub const fn default_language(&self) -> &Locale {
        &self.default
    }

    /// The offered language that a tag means: itself, or without the subtags at its end (RFC 4647, section
    /// 3.4).
    #[must_use]
    pub fn find(&self, wanted: &Locale) -> Option<&Locale> {
        let mut range = wanted.as_str();
        loop {
            if let Some(found) = self.offered.iter().find(|offered| offered.as_str() == range) {
                return Some(found);
            }
            range = range.rsplit_once('-')?.0;
        }
    }

    /// The offered language that a client prefers, by its header `Accept-Language` (RFC 9110, section
    /// 12.5.4).
    #[must_use]
    pub fn preferred(&self, header: &str) -> Option<&Locale> {
        let mut entries: Vec<(u16, Locale)> = header.split(',').take(MOST).filter_map(entry).collect();
        entries.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        entries.iter().find_map(|(_, wanted)| self.find(wanted))
    }
}

/// Reads an entry of `Accept-Language` with its weight in thousandths. Returns `None` for one without weight.
fn entry(text: &str) -> Option<(u16, Locale)> {
    let mut parts = text.split(';');
    let tag = Locale::parse(parts.next()?).ok()?;
    let weight = match parts.next().map(str::trim) {
        None => 1000,
        Some(text) => weight_of(text.strip_prefix("q=").or_else(|| text.strip_prefix("Q="))?)?,
    };
    (weight > 0).then_some((weight, tag))
}

/// Reads a weight of up to three decimals, in thousandths.
fn weight_of(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let is_number = decimals.len() <= 3 && decimals.bytes().all(|b| b.is_ascii_digit());
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok().filter(|_| is_number)?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Locale {
        Locale::parse(text).unwrap()
    }

    #[test]
    fn a_tag_has_its_canonical_case() {
        for (typed, wanted) in [
            ("EN", "en"),
            (" de-at ", "de-AT"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("SR-LATN", "sr-Latn"),
            ("es-419", "es-419"),
            ("sl-ROZAJ", "sl-rozaj"),
            ("de-CH-1996", "de-CH-1996"),
            ("de-DE-u-CO-Phonebk", "de-DE-u-co-phonebk"),
            ("en-X-US", "en-x-us"),
        ] {
            assert_eq!(tag(typed).as_str(), wanted);
            assert_eq!(tag(wanted).as_str(), wanted);
        }
    }

    #[test]
    fn a_text_that_is_no_tag_is_refused() {
        let long = format!("en{}", "-abcdefgh".repeat(4));
        for typed in [
            "",
            "e",
            "english",
            "en_US",
            "en-",
            "-en",
            "en--us",
            "en-abcdefghi",
            "d3",
            "*",
            "en-u",
            "en-a-b",
            "de-\u{fc}",
            &long,
        ] {
            assert_eq!(Locale::parse(typed), Err(LocaleError), "{typed}");
        }
    }

    #[test]
    fn the_nearest_offered_language_is_found() {
        let languages = Languages::new(["en", "de", "pt-BR"].map(tag).to_vec(), tag("en"));
        for (wanted, found) in [
            ("de-AT", Some("de")),
            ("pt-BR", Some("pt-BR")),
            ("pt", None),
            ("pt-PT", None),
            ("de-DE-u-co-phonebk", Some("de")),
            ("fr", None),
        ] {
            assert_eq!(languages.find(&tag(wanted)).map(Locale::as_str), found, "{wanted}");
        }
        for (header, found) in [
            ("", None),
            ("de", Some("de")),
            ("fr, de-CH;q=0.9, en;q=0.8", Some("de")),
            ("en;q=0.5, de;q=0.7", Some("de")),
            ("en;q=0.7,de;q=0.7", Some("en")),
            ("de;q=0, en", Some("en")),
            ("de;q=0", None),
            ("*", None),
            ("de;q=2, en;q=x, pt-br ; q=0.1", Some("pt-BR")),
            (";;,,;q=1,\u{e4}", None),
        ] {
            assert_eq!(languages.preferred(header).map(Locale::as_str), found, "{header}");
        }
        assert_eq!(languages.preferred(&format!("{}de", "fr,".repeat(MOST))), None);
    }
}
