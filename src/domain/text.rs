//! What no text of a user may hold.

/// Whether `c` is a control character (C0, C1, the line and paragraph separators) or one that reorders the
/// text around it (the bidirectional overrides and isolates of UAX #9): neither is ever part of a name, and
/// both make a log line or a page show something else than it says.
pub(super) fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether `c` shows nothing: two texts that differ by it look the same.
pub(super) fn is_invisible(c: char) -> bool {
    is_control(c) || matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{180E}')
}
