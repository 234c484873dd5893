//! The pages behind the links in mails: verify an email address, confirm a new one, set a new password.
//!
//! **Here**: three small pages with one layout, one script and one style sheet. A page reads the token from
//! the fragment of its URL, which browsers do not send to servers, and sends it to the API when its button is
//! pressed. Mail scanners follow links, so a `GET` does not consume the token. The content security policy
//! allows no other host.
//!
//! **May use**: poem, hyper for the bytes.
//!
//! **To add one**: a file with its forms, and its route and title in [`routes`]. The `data-to` of a form is
//! the API path, relative to the page, so that it also works below a path prefix; `data-done` is the text
//! after success.

use hyper::body::Bytes;
use poem::http::header::CONTENT_SECURITY_POLICY;
use poem::{Endpoint, Request, Response, Route, RouteMethod, get};

use super::kind::Kind;

/// Forms are submitted by the script only, so a password cannot end up in a URL.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The first path segment of all these pages.
pub const SEGMENT: &str = "account";

/// Adds the pages to the routes.
pub fn routes(routes: Route) -> Route {
    let script = include_str!("page.js").into();
    let style = include_str!("page.css").into();
    routes
        .at("/account/verify-email", page("Verify your email address", include_str!("verify-email.html")))
        .at(
            "/account/confirm-email",
            page("Confirm your new email address", include_str!("confirm-email.html")),
        )
        .at("/account/reset-password", page("Set a new password", include_str!("reset-password.html")))
        .at(
            "/account/page.js",
            get(File { content_type: "text/javascript; charset=utf-8", kind: Kind::Asset, text: script }),
        )
        .at(
            "/account/page.css",
            get(File { content_type: "text/css; charset=utf-8", kind: Kind::Asset, text: style }),
        )
}

/// Renders a page with this form.
fn page(title: &str, form: &str) -> RouteMethod {
    let text = include_str!("layout.html").replace("{title}", title).replace("{form}", form);
    get(File { content_type: "text/html; charset=utf-8", kind: Kind::Page, text: text.into() })
}

/// A static file. The middleware adds headers that forbid caching and referrers.
struct File {
    content_type: &'static str,
    kind: Kind,
    text: Bytes,
}

impl Endpoint for File {
    type Output = Response;

    async fn call(&self, _: Request) -> poem::Result<Response> {
        let mut response = Response::builder()
            .header(CONTENT_SECURITY_POLICY, POLICY)
            .content_type(self.content_type)
            .body(self.text.clone());
        response.set_data(self.kind);
        Ok(response)
    }
}
