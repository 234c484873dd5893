use super::text::text;

text! {
    /// The display name of a user, in any script.
    DisplayName, "name", 1..=100, one_line, "Ada Lovelace", optional
}

text! {
    /// The name of the application in mails and on pages. It is in the subject of mails.
    ServiceName, "name of the service", 1..=60, one_line, "Example"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{OneLine, TextError};

    #[test]
    fn names_of_any_script_pass() {
        for name in ["Ada", "محمد", "e\u{301}lodie", "山田 太郎", "👩‍🚀", "O'Brien-Łukasz"] {
            assert!(DisplayName::parse(name).is_ok(), "{name}");
        }
        assert_eq!(DisplayName::parse(" e\u{301} ").unwrap().as_str(), "é");
    }

    #[test]
    fn control_and_length_are_refused() {
        for name in ["a\0b", "a\nb", "a\u{7f}", "a\u{202E}b", "a\u{2028}b"] {
            assert_eq!(DisplayName::parse(name), Err(TextError::Control("name")), "{name:?}");
        }
        assert_eq!(DisplayName::parse("  "), Err(TextError::EmptyOptional("name")));
        assert_eq!(
            DisplayName::parse("").unwrap_err().to_string(),
            "the name must have at least one character; omit it to have none"
        );
        assert_eq!(DisplayName::parse(&"é".repeat(101)), Err(TextError::TooLong("name", 100)));
        assert!(DisplayName::parse(&"é".repeat(100)).is_ok());
    }
}
