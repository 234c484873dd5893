//! The pages that mails link to: verify an address, confirm another one, set a new password.
//!
//! **Here**: three small pages with one layout, one script and one style sheet. A page reads the token from the fragment of
//! its address, which no browser sends anywhere, and gives it to the API when its button is pressed: programs that look at
//! mails follow links, so a `GET` uses nothing up. It asks no other host, and its content security policy keeps it so.
//!
//! **May use**: poem, hyper for the bytes.
//!
//! **To add one**: a file with its forms, and its route and title in [`routes`]; a form's `data-to` says what it is sent to,
//! relative to the page, so that it also works below a path, and `data-done` what the page says then. One value is typed.

use hyper::body::Bytes;
use poem::http::header::CONTENT_SECURITY_POLICY;
use poem::{Endpoint, Request, Response, Route, RouteMethod, get};

use super::kind::Kind;

/// Nothing is submitted but by the script, so a password cannot end up in an address.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The first segment of the path of each of these.
pub const SEGMENT: &str = "account";

/// Adds the pages to the routes.
pub fn routes(routes: Route) -> Route {
    let script = include_str!("page.js").into();
    let style = include_str!("page.css").into();
    routes
        .at("/account/verify-email", page("Verify your address", include_str!("verify-email.html")))
        .at("/account/confirm-email", page("Confirm your new address", include_str!("confirm-email.html")))
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

/// A page with this form.
fn page(title: &str, form: &str) -> RouteMethod {
    let text = include_str!("layout.html").replace("{title}", title).replace("{form}", form);
    get(File { content_type: "text/html; charset=utf-8", kind: Kind::Page, text: text.into() })
}

/// A text that is the same for everybody. The edge adds that nobody keeps it and that no address of it is passed on.
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
