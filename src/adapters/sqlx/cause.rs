//! The columns `request_id`, `traceparent` and `tracestate`, which hold the cause of a row.

use crate::domain::Cause;

/// Binds the cause of the current task to a statement, as its next three parameters.
macro_rules! bind_cause {
    ($statement:expr) => {{
        let cause = $crate::telemetry::trace::current();
        $statement
            .bind(cause.request.map(|request| request.to_string()))
            .bind(cause.trace.map(|parent| parent.to_string()))
            .bind(cause.state.map(|state| state.as_str().to_owned()))
    }};
}
pub(in crate::adapters::sqlx) use bind_cause;

#[derive(sqlx::FromRow)]
pub(in crate::adapters::sqlx) struct CauseRow {
    request_id: Option<String>,
    traceparent: Option<String>,
    tracestate: Option<String>,
}

impl From<CauseRow> for Cause {
    fn from(row: CauseRow) -> Self {
        Self::stored(row.request_id.as_deref(), row.traceparent.as_deref(), row.tracestate.as_deref())
    }
}
