use std::sync::Arc;

use poem::{Endpoint, IntoResponse as _, Request, Response};

use super::Edge;
use crate::api::problem::Problem;

/// Gives up a request that takes too long, so that whoever waits for it can try again.
pub async fn keep<E: Endpoint>(next: Arc<E>, request: Request) -> poem::Result<Response> {
    let limit = Edge::of(&request)?.request_timeout;
    let Ok(answer) = tokio::time::timeout(limit, next.call(request)).await else {
        tracing::warn!(?limit, "a request took too long");
        return Err(Problem::unavailable().into());
    };
    Ok(answer?.into_response())
}
