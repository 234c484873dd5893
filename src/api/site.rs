use percent_encoding::percent_decode_str;
use poem::error::NotFoundError;
use poem::{Endpoint, Request, Response, Route};

use super::{account, docs};

/// The documentation and the pages by the first segment of their path, and the API for everything else. `Route::nest` would
/// take the address apart and put it together again for each request of the API: a tenth of what a cached read costs.
pub(super) struct Site<A, G> {
    pub api: A,
    pub pages: Route,
    /// Puts into a request what endpoints look for there.
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
        let path = request.uri().path();
        // The router would let anything stand for an id, and what is no text is none.
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
