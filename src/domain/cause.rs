use std::sync::Arc;

use super::request_id::RequestId;
use super::trace_parent::TraceParent;

/// What a change and its events were caused by: a request, and the trace that it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// The request.
    pub request: Option<RequestId>,
    /// The position in a trace, if the request named one.
    pub trace: Option<TraceParent>,
    /// What the systems of that trace say about it.
    pub state: Option<TraceState>,
}

impl Cause {
    /// The cause that is stored as these texts. A text that is not valid counts as none.
    #[must_use]
    pub fn stored(request: Option<&str>, trace: Option<&str>, state: Option<&str>) -> Self {
        let trace = trace.and_then(|text| text.parse().ok());
        Self {
            request: request.and_then(|text| RequestId::parse(text.as_bytes())),
            trace,
            state: state.filter(|_| trace.is_some()).and_then(TraceState::parse),
        }
    }
}

/// What the systems of a trace say about it: `tracestate` of W3C Trace Context. It is passed on as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceState(Arc<str>);

impl TraceState {
    /// The greatest length, in bytes: what every system has to pass on (W3C Trace Context, section 3.3.1.5).
    pub const LONGEST: usize = 512;
    /// The most members.
    const MEMBERS: usize = 32;

    /// Parses a list of members. Returns `None` if a system would have to discard it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut keys = Vec::new();
        for member in text.split(',').map(|member| member.trim_matches([' ', '\t'])) {
            // Empty members are allowed.
            if member.is_empty() {
                continue;
            }
            let (key, value) = member.split_once('=')?;
            if !is_key(key) || !is_value(value) || keys.contains(&key) {
                return None;
            }
            keys.push(key);
        }
        let is_valid = (1..=Self::MEMBERS).contains(&keys.len()) && text.len() <= Self::LONGEST;
        is_valid.then(|| Self(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A vendor, or a tenant and a vendor.
fn is_key(key: &str) -> bool {
    let is_rest = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'*' | b'/' | b'@')
    };
    (1..=256).contains(&key.len())
        && key.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
        && key.bytes().all(is_rest)
        && key.matches('@').count() <= 1
}

fn is_value(value: &str) -> bool {
    (1..=256).contains(&value.len())
        && value.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'=' && byte != b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_state_is_passed_on_if_it_is_valid() {
        let many =
            |count: usize| (0..count).map(|number| format!("k{number}=v")).collect::<Vec<_>>().join(",");
        for text in ["a=1", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "a=1, ,b=2,", "t@v=x y", &many(32)] {
            assert_eq!(TraceState::parse(text).unwrap().as_str(), text);
        }
        for text in [
            "",
            ",",
            "a",
            "A=1",
            "a=",
            "=1",
            "a=1=2",
            "a=1,a=2",
            "a=é",
            "a=\u{1}",
            "a@b@c=1",
            "a b=1",
            &many(33),
            &format!("a={}", "x".repeat(257)),
            &format!("a={},b={}", "x".repeat(256), "x".repeat(256)),
        ] {
            assert_eq!(TraceState::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_state_belongs_to_a_trace() {
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let cause = Cause::stored(Some("r-1"), Some(trace), Some("a=1"));
        assert_eq!(cause.request.unwrap().as_str(), "r-1");
        assert_eq!(cause.trace.unwrap().to_string(), trace);
        assert_eq!(cause.state.unwrap().as_str(), "a=1");
        assert_eq!(Cause::stored(None, None, Some("a=1")), Cause::default());
        assert_eq!(Cause::stored(Some("a b"), Some("00-x"), Some("a=1")), Cause::default());
    }
}
