//! Texts from files and pipes: how their bytes are read.

/// Why the bytes of a file or a pipe are not a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// They begin with the byte order mark of UTF-16, as a file that `>` of Windows PowerShell writes.
    #[error("not valid UTF-8: the text is UTF-16, write it as UTF-8")]
    Utf16,
    /// They are not valid UTF-8.
    #[error("not valid UTF-8")]
    Other,
}

/// Reads bytes as UTF-8, without one byte order mark at the beginning: some editors and PowerShell write it
/// before the text, and in a secret it would be a part of the secret.
pub fn text_of(bytes: &[u8]) -> Result<&str, NotText> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(NotText::Utf16);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| NotText::Other)?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

/// Returns the text without one line ending at its end, `\n` or `\r\n`.
#[must_use]
pub fn without_line_ending(text: &str) -> &str {
    match text.strip_suffix('\n') {
        Some(line) => line.strip_suffix('\r').unwrap_or(line),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_order_mark_is_dropped() {
        for (bytes, text) in [
            (&b"secret"[..], Ok("secret")),
            (b"\xef\xbb\xbfsecret", Ok("secret")),
            (b"\xef\xbb\xbf\xef\xbb\xbfsecret", Ok("\u{FEFF}secret")),
            (b"\xff\xfes\0e\0", Err(NotText::Utf16)),
            (b"\xfe\xff\0s\0e", Err(NotText::Utf16)),
            (b"caf\xe9", Err(NotText::Other)),
            (b"", Ok("")),
        ] {
            assert_eq!(text_of(bytes), text, "{bytes:?}");
        }
    }

    #[test]
    fn one_line_ending_is_dropped() {
        for (text, line) in [
            ("a\n", "a"),
            ("a\r\n", "a"),
            ("a\n\n", "a\n"),
            ("a\r\n\r\n", "a\r\n"),
            ("a\r", "a\r"),
            (" a ", " a "),
            ("\n", ""),
        ] {
            assert_eq!(without_line_ending(text), line, "{text:?}");
        }
    }
}
