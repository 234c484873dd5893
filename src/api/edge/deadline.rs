use std::time::Duration;

use crate::api::problem::Problem;

/// Gives up an answer that takes too long, so that whoever waits for it can try again.
pub async fn keep<T>(limit: Duration, answer: impl Future<Output = poem::Result<T>>) -> poem::Result<T> {
    tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| {
        tracing::warn!(?limit, "a request took too long");
        Err(Problem::unavailable().into())
    })
}
