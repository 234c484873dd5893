use poem::Request;

use crate::domain::TraceParent;

const HEADER: &str = "traceparent";

/// The trace that the request says it belongs to. One that is not as the standard wants it is as good as none, and so are
/// two (W3C Trace Context).
pub fn of(request: &Request) -> Option<TraceParent> {
    let mut all = request.headers().get_all(HEADER).iter();
    let (only, None) = (all.next()?, all.next()) else { return None };
    only.to_str().ok()?.parse().ok()
}
