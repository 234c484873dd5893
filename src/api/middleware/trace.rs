use poem::Request;

use crate::domain::TraceParent;

const HEADER: &str = "traceparent";

/// The trace that the request names. An invalid header counts as none, and so do two headers (W3C Trace
/// Context).
pub fn of(request: &Request) -> Option<TraceParent> {
    let mut all = request.headers().get_all(HEADER).iter();
    let (only, None) = (all.next()?, all.next()) else { return None };
    only.to_str().ok()?.parse().ok()
}
