use std::fmt;

use serde::{Serialize, Serializer};

use crate::domain::{
    EmailError, InvalidMetadata, MetadataError, MetadataTooLong, TextError, UnknownWord, WeakPassword, words,
};

words! {
    /// The code of a violation.
    pub enum FieldCode {
        /// The member is required.
        Missing = "missing",
        /// The name is unknown.
        Unknown = "unknown",
        /// Another JSON type was expected.
        WrongType = "wrong_type",
        /// Only white space.
        Empty = "empty",
        /// Too few characters.
        TooShort = "too_short",
        /// Too many characters.
        TooLong = "too_long",
        /// An object with too many bytes.
        TooLarge = "too_large",
        /// A number outside its range.
        OutOfRange = "out_of_range",
        /// Objects and lists too deep inside each other.
        TooDeep = "too_deep",
        /// A member that an object has twice.
        Duplicate = "duplicate",
        /// The value has the wrong form.
        Malformed = "malformed",
        /// A control character.
        ControlCharacter = "control_character",
        /// The value is none of the known words.
        UnknownWord = "unknown_word",
        /// One of the most common passwords.
        CommonPassword = "common_password",
        /// The password is the user's email address.
        PasswordIsAddress = "password_is_address",
        /// Not a cursor of a previous page.
        BadCursor = "bad_cursor",
        /// The wrong password for the account.
        WrongPassword = "wrong_password",
        /// A mailed token that is unknown, used, replaced or expired.
        InvalidToken = "invalid_token",
        /// The value contradicts another member.
        Conflicting = "conflicting",
        /// The value is already set.
        Unchanged = "unchanged",
    }
}

impl Serialize for FieldCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A violation without its position. It never contains the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    code: FieldCode,
    detail: String,
    /// The position inside the member; empty for the member itself.
    place: String,
}

/// A violation with its position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// A JSON pointer into the body (RFC 6901), or `/name` for a query parameter.
    pub pointer: String,
    /// The code, for programs.
    pub code: FieldCode,
    /// The description, for people.
    pub detail: String,
}

impl Violation {
    /// A violation with a sentence for people.
    #[must_use]
    pub fn new(code: FieldCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), place: String::new() }
    }

    /// The violation of a value inside the member, at this JSON pointer.
    #[must_use]
    pub fn below(self, place: String) -> Self {
        Self { place, ..self }
    }

    /// The violation of a required member that is absent.
    #[must_use]
    pub fn missing() -> Self {
        Self::new(FieldCode::Missing, "this value is required")
    }

    /// The violation of a member that the body does not have.
    #[must_use]
    pub fn unknown_member() -> Self {
        Self::new(FieldCode::Unknown, "unknown member")
    }

    /// The violation of the member or parameter with this name.
    #[must_use]
    pub fn about(self, name: &str) -> FieldError {
        let pointer = format!("/{}{}", name.replace('~', "~0").replace('/', "~1"), self.place);
        FieldError { pointer, code: self.code, detail: self.detail }
    }

    /// The violation of the body as a whole.
    #[must_use]
    pub fn about_everything(self) -> FieldError {
        FieldError { pointer: String::new(), code: self.code, detail: self.detail }
    }
}

/// The violation with its position inside the member, for people.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.place {
            "" => f.write_str(&self.detail),
            place => write!(f, "{place}: {}", self.detail),
        }
    }
}

impl From<EmailError> for Violation {
    fn from(error: EmailError) -> Self {
        let code = match error {
            EmailError::Empty => FieldCode::Empty,
            EmailError::TooLong => FieldCode::TooLong,
            EmailError::Malformed => FieldCode::Malformed,
        };
        Self::new(code, error.to_string())
    }
}

impl From<TextError> for Violation {
    fn from(error: TextError) -> Self {
        let code = match error {
            TextError::Empty(_) | TextError::EmptyOptional(_) => FieldCode::Empty,
            TextError::TooLong(..) => FieldCode::TooLong,
            TextError::Control(_) => FieldCode::ControlCharacter,
        };
        Self::new(code, error.to_string())
    }
}

impl From<WeakPassword> for Violation {
    fn from(error: WeakPassword) -> Self {
        let code = match error {
            WeakPassword::TooShort(_) => FieldCode::TooShort,
            WeakPassword::TooLong(_) => FieldCode::TooLong,
            WeakPassword::Control => FieldCode::ControlCharacter,
            WeakPassword::Common => FieldCode::CommonPassword,
            WeakPassword::IsAddress => FieldCode::PasswordIsAddress,
        };
        Self::new(code, error.to_string())
    }
}

impl From<InvalidMetadata> for Violation {
    fn from(invalid: InvalidMetadata) -> Self {
        let code = match invalid.error {
            MetadataError::NotAnObject => FieldCode::WrongType,
            MetadataError::TooDeep => FieldCode::TooDeep,
            MetadataError::NumberOutOfRange => FieldCode::OutOfRange,
            MetadataError::Nul => FieldCode::ControlCharacter,
            MetadataError::ReservedName => FieldCode::Malformed,
        };
        Self::new(code, invalid.error.to_string()).below(invalid.pointer)
    }
}

impl From<MetadataTooLong> for Violation {
    fn from(error: MetadataTooLong) -> Self {
        Self::new(FieldCode::TooLarge, error.to_string())
    }
}

impl From<UnknownWord> for Violation {
    fn from(error: UnknownWord) -> Self {
        Self::new(FieldCode::UnknownWord, error.to_string())
    }
}
