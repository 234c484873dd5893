use serde::{Serialize, Serializer};

use crate::domain::{DisplayNameError, EmailError, UnknownWord, WeakPassword};

/// Gives every code its word, one line a code.
macro_rules! field_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $word:literal;)+) => {
        /// What is wrong with one value: the closed list of codes inside `errors`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum FieldCode {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl FieldCode {
            /// The whole list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

field_codes! {
    /// It has to be there.
    Missing = "missing";
    /// Nothing has this name.
    Unknown = "unknown";
    /// Another JSON type was expected.
    WrongType = "wrong_type";
    /// Nothing but white space.
    Empty = "empty";
    /// Too few characters.
    TooShort = "too_short";
    /// Too many characters or bytes.
    TooLong = "too_long";
    /// A number outside its range.
    OutOfRange = "out_of_range";
    /// Not of the form that it has to have.
    Malformed = "malformed";
    /// A control character.
    ControlCharacter = "control_character";
    /// None of the known words.
    UnknownWord = "unknown_word";
    /// Among the commonest passwords.
    CommonPassword = "common_password";
    /// The user's own address as password.
    PasswordIsAddress = "password_is_address";
    /// A cursor that no page gave out.
    BadCursor = "bad_cursor";
    /// Not the password of the account.
    WrongPassword = "wrong_password";
    /// A token from a mail that was used, replaced or is too old, or is none.
    InvalidToken = "invalid_token";
    /// What it is already.
    Unchanged = "unchanged";
}

impl Serialize for FieldCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What is wrong with a value, wherever it stands. It never repeats the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    code: FieldCode,
    detail: String,
}

/// What is wrong with a value, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// A JSON pointer into the body (RFC 6901), or `/name` for a query parameter.
    pub pointer: String,
    /// For programs.
    pub code: FieldCode,
    /// For people.
    pub detail: String,
}

impl Complaint {
    /// A complaint with a sentence for people.
    #[must_use]
    pub fn new(code: FieldCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// The complaint about the member or parameter of this name.
    #[must_use]
    pub fn about(self, name: &str) -> FieldError {
        let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        FieldError { pointer, code: self.code, detail: self.detail }
    }

    /// The complaint about the body as a whole.
    #[must_use]
    pub fn about_everything(self) -> FieldError {
        FieldError { pointer: String::new(), code: self.code, detail: self.detail }
    }
}

impl From<EmailError> for Complaint {
    fn from(error: EmailError) -> Self {
        let code = match error {
            EmailError::Empty => FieldCode::Empty,
            EmailError::TooLong => FieldCode::TooLong,
            EmailError::Malformed => FieldCode::Malformed,
        };
        Self::new(code, error.to_string())
    }
}

impl From<DisplayNameError> for Complaint {
    fn from(error: DisplayNameError) -> Self {
        let code = match error {
            DisplayNameError::Empty => FieldCode::Empty,
            DisplayNameError::TooLong => FieldCode::TooLong,
            DisplayNameError::Control => FieldCode::ControlCharacter,
        };
        Self::new(code, error.to_string())
    }
}

impl From<WeakPassword> for Complaint {
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

impl From<UnknownWord> for Complaint {
    fn from(error: UnknownWord) -> Self {
        Self::new(FieldCode::UnknownWord, error.to_string())
    }
}
