use std::fmt;

/// The id of a request, by which its log lines, its answer and the events that it causes are found. It is
/// copied for each request, so it has a fixed size.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RequestId {
    bytes: [u8; Self::LONGEST],
    length: u8,
}

impl RequestId {
    /// The greatest length, in bytes. A longer id is not accepted, because it would be part of every log
    /// line.
    pub const LONGEST: usize = 128;

    /// Parses an id: visible ASCII. Returns `None` for any other text.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let length = u8::try_from(text.len()).ok().filter(|length| *length > 0)?;
        let mut bytes = [0; Self::LONGEST];
        bytes.get_mut(..text.len())?.copy_from_slice(text);
        text.iter().all(u8::is_ascii_graphic).then_some(Self { bytes, length })
    }

    /// The text of the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestId({self})")
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_short_visible_ascii() {
        for text in ["a", "01990000-0000-7000-8000-000000000001", "~!{}=,", &"x".repeat(128)] {
            assert_eq!(RequestId::parse(text.as_bytes()).unwrap().as_str(), text);
        }
        for text in
            ["", " ", "a b", "a\n", "é", "a\u{7f}", &"x".repeat(129), &"x".repeat(256), &"x".repeat(300)]
        {
            assert_eq!(RequestId::parse(text.as_bytes()), None, "{text:?}");
        }
    }
}
