use hyper::body::Bytes;
use poem::http::header::CONTENT_SECURITY_POLICY;
use poem::{Endpoint, Request, Response};

use crate::api::kind::Kind;

/// Forms are submitted by the script only, so a password cannot end up in a URL.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A static file. The middleware adds headers that forbid caching and referrers.
pub(super) struct File {
    pub content_type: &'static str,
    pub bytes: Bytes,
}

impl Endpoint for File {
    type Output = Response;

    async fn call(&self, _: Request) -> poem::Result<Response> {
        Ok(response(Kind::Asset, self.content_type, self.bytes.clone()))
    }
}

/// A response with the content security policy of all pages.
pub(super) fn response(kind: Kind, content_type: &'static str, bytes: Bytes) -> Response {
    let mut response =
        Response::builder().header(CONTENT_SECURITY_POLICY, POLICY).content_type(content_type).body(bytes);
    response.set_data(kind);
    response
}
