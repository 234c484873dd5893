use std::time::Duration;

use super::reading::Reading;
use crate::api::problem::Problem;

/// Aborts a request that takes too long, so that the client can retry. It is the client's fault while its
/// body is still being read.
pub async fn keep<T>(
    limit: Duration,
    reading: &Reading,
    answer: impl Future<Output = poem::Result<T>>,
) -> poem::Result<T> {
    tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| {
        if reading.is_unfinished() {
            return Err(Problem::request_timeout().into());
        }
        tracing::warn!(?limit, "request timed out");
        Err(Problem::unavailable().into())
    })
}
