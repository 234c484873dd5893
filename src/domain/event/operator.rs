use std::fmt;

/// The name of the operating system's user who runs a command, for the audit trail. It is copied with each
/// [`Actor`](super::Actor), so it has a fixed size.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OperatorName {
    bytes: [u8; Self::LONGEST],
    length: usize,
}

impl OperatorName {
    /// The greatest length of a name, in bytes: that of Linux (`useradd(8)`).
    pub const LONGEST: usize = 32;

    /// Keeps as many whole characters as fit, without control characters.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let (mut bytes, mut length) = ([0; Self::LONGEST], 0);
        for character in name.chars().filter(|character| !character.is_control()) {
            let end = length + character.len_utf8();
            let Some(place) = bytes.get_mut(length..end) else { break };
            character.encode_utf8(place);
            length = end;
        }
        Self { bytes, length }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl fmt::Debug for OperatorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OperatorName({:?})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cleaned_and_cut_at_a_whole_character() {
        assert_eq!(OperatorName::new("ada").as_str(), "ada");
        assert_eq!(OperatorName::new("a\nd\u{7f}a").as_str(), "ada");
        assert_eq!(OperatorName::new(&"x".repeat(40)).as_str(), "x".repeat(32));
        assert_eq!(OperatorName::new(&format!("{}é", "x".repeat(31))).as_str(), "x".repeat(31));
        assert_eq!(OperatorName::new("").as_str(), "");
        assert_ne!(OperatorName::new("ada"), OperatorName::new("eva"));
    }
}
