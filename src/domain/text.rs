//! Characters that no text of a user may contain.

/// Whether `c` is a control character (C0, C1, the line and paragraph separators) or reorders the text around
/// it (the bidirectional overrides and isolates of UAX #9). Neither is ever part of a name, and both make a
/// log line or a page display something other than its content.
pub(super) fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether `c` is invisible, so that two texts that differ only in it look the same: the property
/// `Default_Ignorable_Code_Point` of Unicode 16.
pub(super) fn is_invisible(c: char) -> bool {
    is_control(c)
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
        )
}
