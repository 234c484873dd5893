use percent_encoding::percent_decode_str;
use poem::error::NotFoundError;
use poem::{Endpoint, Request, Response, Route};

use super::strict_query::PlainRoutes;
use super::{account, docs};

/// Routes plain operations by their path, the documentation and the pages by the first segment of theirs, and
/// everything else to the router of the API.
/// `Route::nest` would split and rebuild the URI of each API request, which costs a tenth of a cached read.
pub(super) struct Site<A, G> {
    pub api: A,
    pub plain: PlainRoutes,
    pub pages: Route,
    /// Adds the data to a request that endpoints need.
    pub give: G,
}

impl<A, G> Endpoint for Site<A, G>
where
    A: Endpoint<Output = Response>,
    G: Fn(&mut Request) + Send + Sync,
{
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        (self.give)(&mut request);
        if let Some(operation) = self.plain.find(&request) {
            return operation.call(request).await;
        }
        let path = request.uri().path();
        // The router would accept any segment as an id. A path that is not valid UTF-8 matches no route.
        if percent_decode_str(path).decode_utf8().is_err() {
            return Err(NotFoundError.into());
        }
        let first = path.split('/').nth(1).unwrap_or_default();
        if docs::SEGMENTS.contains(&first) || first == account::SEGMENT {
            self.pages.call(request).await
        } else {
            self.api.call(request).await
        }
    }
}
