use poem::Request;
use poem::http::HeaderName;

use super::request_id;
use crate::domain::{Cause, RequestId, TraceParent, TraceState};

const PARENT: HeaderName = HeaderName::from_static("traceparent");
const STATE: HeaderName = HeaderName::from_static("tracestate");

/// What the request causes: its id, and the trace that it names.
pub fn cause(request: &Request, id: &request_id::RequestId) -> Cause {
    let trace = of(request);
    let state = trace.and_then(|_| state_of(request));
    Cause { request: RequestId::parse(id.as_str().as_bytes()), trace, state }
}

/// The trace that the request names. An invalid header counts as none, and so do two headers (W3C Trace
/// Context).
fn of(request: &Request) -> Option<TraceParent> {
    let mut all = request.headers().get_all(PARENT).iter();
    let (only, None) = (all.next()?, all.next()) else { return None };
    only.to_str().ok()?.parse().ok()
}

/// The state of a trace that the request names. Several headers are one list.
fn state_of(request: &Request) -> Option<TraceState> {
    let mut all = request.headers().get_all(STATE).iter();
    let first = all.next()?.to_str().ok()?;
    let Some(second) = all.next() else { return TraceState::parse(first) };
    let mut list = format!("{first},{}", second.to_str().ok()?);
    for header in all {
        list.push(',');
        list.push_str(header.to_str().ok()?);
    }
    TraceState::parse(&list)
}
