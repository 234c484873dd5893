use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use poem_openapi::registry::MetaSchema;
use uuid::Uuid;

use super::field::Text;
use crate::api::problem::{FieldCode, Violation};
use crate::domain::PasswordPolicy;
use crate::ports::store::LONGEST_PAGE;

/// The maximum number of items on a page: 1 to 200, by default 50.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u32);

// One more item is read, to see whether there is a next page.
const _: () = assert!(Limit::MOST < LONGEST_PAGE);

impl Limit {
    /// The most items of a page.
    pub const MOST: u32 = 200;

    /// The number of items.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl Text for Limit {
    fn schema() -> MetaSchema {
        MetaSchema {
            minimum: Some(1.0),
            maximum: Some(f64::from(Self::MOST)),
            default: Some(Self::default().0.into()),
            ..MetaSchema::new_with_format("integer", "int32")
        }
    }

    fn parse(text: &str, _: PasswordPolicy) -> Result<Self, Violation> {
        // Only the form of the documentation: no sign before a positive number, and no zeros.
        let number: Option<i128> = text.parse().ok().filter(|number: &i128| number.to_string() == text);
        let number = number
            .ok_or_else(|| Violation::new(FieldCode::WrongType, "expected a whole number such as 50"))?;
        match u32::try_from(number) {
            Ok(limit @ 1..=Self::MOST) => Ok(Self(limit)),
            _ => Err(Violation::new(
                FieldCode::OutOfRange,
                format!("expected a number from 1 to {}", Self::MOST),
            )),
        }
    }
}

/// The position of the next page: after the item with this id. It is opaque to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(pub Uuid);

impl Cursor {
    /// Marks the schema of a cursor, so that the document can list `malformed_request` for requests with one.
    pub(crate) const FORMAT: &'static str = "cursor";
    /// The length of the text: sixteen bytes in base64url.
    pub(crate) const LENGTH: usize = 22;

    /// The text for a response.
    #[must_use]
    pub fn encode(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.as_bytes())
    }
}

impl Text for Cursor {
    fn schema() -> MetaSchema {
        // Sixteen bytes in base64url, of which the last character has two significant bits.
        let pattern = Some("^[A-Za-z0-9_-]{21}[AQgw]$".to_owned());
        MetaSchema {
            pattern,
            max_length: Some(Self::LENGTH),
            ..MetaSchema::new_with_format("string", Self::FORMAT)
        }
    }

    fn parse(text: &str, _: PasswordPolicy) -> Result<Self, Violation> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let id = bytes.and_then(|bytes| Uuid::from_slice(&bytes).ok());
        id.map(Self).ok_or_else(|| {
            Violation::new(FieldCode::BadCursor, "expected the `next_cursor` of the previous page")
        })
    }
}
