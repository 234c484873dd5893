use std::borrow::Cow;
use std::io::{self, Write as _};
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::Bytes;
use poem::http::StatusCode;
use poem::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH, VARY,
};
use poem::{Endpoint, Request, Response};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use crate::api::kind::Kind;
use crate::api::precondition::{content_etag, is_held};
use crate::api::problem::Problem;

/// A static file, created at the first request.
///
/// It is kept in two forms, plain and compressed, and all responses share them: a client that does not read
/// its responses costs no copy of the file.
pub struct Asset {
    content_type: &'static str,
    caching: &'static str,
    policy: &'static str,
    kind: Kind,
    make: Make,
    made: OnceCell<Made>,
}

type Make = Arc<dyn Fn() -> Cow<'static, str> + Send + Sync>;

struct Made {
    plain: Bytes,
    gzip: Bytes,
    etag: String,
}

impl Asset {
    /// A script or style sheet. It changes only with the version of the service, so it is cached for a day.
    pub fn library(content_type: &'static str, make: fn() -> Cow<'static, str>) -> Self {
        Self { caching: "public, max-age=86400", ..Self::document(content_type, make) }
    }

    /// A small file that clients revalidate each time, and that rarely changes.
    pub fn document(
        content_type: &'static str,
        make: impl Fn() -> Cow<'static, str> + Send + Sync + 'static,
    ) -> Self {
        let (caching, policy) =
            ("public, no-cache", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
        let make: Make = Arc::new(make);
        Self { content_type, caching, policy, kind: Kind::Asset, make, made: OnceCell::new() }
    }

    /// A page with the content security policy that it needs.
    pub fn page(html: impl Fn() -> Cow<'static, str> + Send + Sync + 'static, policy: &'static str) -> Self {
        Self { policy, kind: Kind::Page, ..Self::document("text/html; charset=utf-8", html) }
    }

    async fn made(&self) -> Result<&Made, Problem> {
        let make = Arc::clone(&self.make);
        let compress = async || run_blocking(move || Made::of(make())).await;
        self.made.get_or_try_init(compress).await
    }
}

impl Made {
    fn of(text: Cow<'static, str>) -> io::Result<Self> {
        let plain = match text {
            Cow::Borrowed(text) => Bytes::from_static(text.as_bytes()),
            Cow::Owned(text) => Bytes::from(text),
        };
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&plain)?;
        Ok(Self { gzip: gzip.finish()?.into(), etag: content_etag(&plain), plain })
    }
}

impl Endpoint for Asset {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let made = self.made().await?;
        let mut response = self.answer(made, &request);
        response.set_data(self.kind);
        Ok(response)
    }
}

impl Asset {
    fn answer(&self, made: &Made, request: &Request) -> Response {
        let response = Response::builder()
            .header(ETAG, &made.etag)
            .header(VARY, ACCEPT_ENCODING.as_str())
            .header(CACHE_CONTROL, self.caching)
            .header(CONTENT_SECURITY_POLICY, self.policy);
        if request.header(IF_NONE_MATCH).is_some_and(|held| is_held(held, &made.etag)) {
            return response.status(StatusCode::NOT_MODIFIED).finish();
        }
        let response = response.content_type(self.content_type);
        if takes_gzip(request) {
            return response.header(CONTENT_ENCODING, "gzip").body(made.gzip.clone());
        }
        response.body(made.plain.clone())
    }
}

/// Whether gzip is among the accepted encodings (RFC 9110, section 12.5.3).
fn takes_gzip(request: &Request) -> bool {
    let codings = request.header(ACCEPT_ENCODING).unwrap_or_default().split(',');
    codings.map(|coding| coding.split_once(';').unwrap_or((coding, ""))).any(|(coding, weight)| {
        let refused = weight.trim().trim_start_matches("q=").parse() == Ok(0.0_f32);
        coding.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// Runs on another thread: compression would delay all other requests on this one.
async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    match spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        failed => {
            tracing::error!(error = ?failed.err(), "failed to build a page of the documentation");
            Err(Problem::internal())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_answer_refers_to_the_same_bytes() {
        let asset = Asset::library("text/css", || Cow::Owned("a { color: red }".repeat(1000)));
        for encoding in ["gzip", "identity"] {
            let bytes = async || {
                let request = Request::builder().header(ACCEPT_ENCODING, encoding).finish();
                asset.call(request).await.unwrap().into_body().into_bytes().await.unwrap()
            };
            assert_eq!(bytes().await.as_ptr(), bytes().await.as_ptr(), "{encoding}");
        }
    }
}
