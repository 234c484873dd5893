use std::fmt;
use std::num::{NonZeroU64, NonZeroU128};
use std::str::FromStr;

/// A position in a trace: `traceparent` of W3C Trace Context, version 00.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceParent {
    trace_id: u128,
    parent_id: u64,
    flags: u8,
}

/// The text is not a `traceparent` of version 00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a traceparent of version 00")]
pub struct NotATraceParent;

/// The flag that says that the spans of the trace are recorded.
const SAMPLED: u8 = 1;

impl TraceParent {
    /// A position in a trace. The ids of a trace and of a span are not zero.
    #[must_use]
    pub const fn new(trace_id: NonZeroU128, parent_id: NonZeroU64, is_sampled: bool) -> Self {
        let flags = if is_sampled { SAMPLED } else { 0 };
        Self { trace_id: trace_id.get(), parent_id: parent_id.get(), flags }
    }

    /// The position of a span in the same trace.
    #[must_use]
    pub const fn at(self, span: NonZeroU64, is_sampled: bool) -> Self {
        let flags = if is_sampled { self.flags | SAMPLED } else { self.flags & !SAMPLED };
        Self { parent_id: span.get(), flags, ..self }
    }

    /// The id of the trace.
    #[must_use]
    pub const fn trace(&self) -> u128 {
        self.trace_id
    }

    /// The id of the span at this position.
    #[must_use]
    pub const fn span(&self) -> u64 {
        self.parent_id
    }

    /// Whether the system that named the trace records its spans.
    #[must_use]
    pub const fn is_sampled(&self) -> bool {
        self.flags & SAMPLED != 0
    }

    /// The trace, as 32 lower-case hexadecimal digits.
    #[must_use]
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace_id)
    }
}

/// As strict as the standard: lower case, all digits present, and no id of zeros.
impl FromStr for TraceParent {
    type Err = NotATraceParent;

    fn from_str(text: &str) -> Result<Self, NotATraceParent> {
        let mut parts = text.split('-');
        let mut part = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits).ok_or(NotATraceParent)?;
            let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
            if !part.bytes().all(is_digit) {
                return Err(NotATraceParent);
            }
            u128::from_str_radix(part, 16).map_err(|_| NotATraceParent)
        };
        let (version, trace_id, parent_id, flags) = (part(2)?, part(32)?, part(16)?, part(2)?);
        if version != 0 || trace_id == 0 || parent_id == 0 || parts.next().is_some() {
            return Err(NotATraceParent);
        }
        let parent_id = u64::try_from(parent_id).map_err(|_| NotATraceParent)?;
        let flags = u8::try_from(flags).map_err(|_| NotATraceParent)?;
        Ok(Self { trace_id, parent_id, flags })
    }
}

/// Writes the text from which it was parsed.
impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace_id, self.parent_id, self.flags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_back_as_it_went() {
        for text in [
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000001-0000000000000001-00",
            "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff",
        ] {
            let parent: TraceParent = text.parse().unwrap();
            assert_eq!(parent.to_string(), text);
            assert_eq!(parent.trace_id(), text[3..35]);
        }
    }

    #[test]
    fn a_span_has_a_position_in_the_same_trace() {
        let parent: TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02".parse().unwrap();
        assert!(!parent.is_sampled());
        let span = NonZeroU64::new(0xb7).unwrap();
        let at = parent.at(span, true);
        assert_eq!(at.to_string(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00000000000000b7-03");
        assert_eq!((at.trace(), at.span(), at.is_sampled()), (parent.trace(), 0xb7, true));
        assert_eq!(at.at(span, false).to_string(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00000000000000b7-02");
        let new = TraceParent::new(NonZeroU128::new(1).unwrap(), span, true);
        assert_eq!(new.to_string(), "00-00000000000000000000000000000001-00000000000000b7-01");
    }

    #[test]
    fn nothing_else_is_believed() {
        for text in [
            "",
            "00",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e47360-00f067aa0ba902b7-01",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-00",
            " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-é",
        ] {
            assert_eq!(text.parse::<TraceParent>(), Err(NotATraceParent), "{text}");
        }
    }
}
