//! The pages behind the links in mails: verify an email address, confirm a new one, set a new password,
//! accept an invitation.
//!
//! **Here**: how pages are served, with one script and one style sheet. Their HTML comes from templates
//! (`adapters/pages`). A page reads the token from the fragment of its URL, which browsers do not send to
//! servers, and sends it to the API when its button is pressed. Mail scanners follow links, so a `GET` does
//! not consume the token. The content security policy allows no other host.
//!
//! **May use**: poem, hyper for the bytes, `ports`.
//!
//! **To add one**: see `adapters/pages`. The `data-to` of a form is the API path, relative to the page, so
//! that it also works below a path prefix; `data-done` is the text after success.

mod file;
mod page;

use hyper::body::Bytes;
use poem::{Route, get};

use self::file::File;
use self::page::Page;
use crate::ports::{AccountPage, AccountPages};

/// The first path segment of all these pages.
pub const SEGMENT: &str = "account";

/// Adds the pages to the routes.
pub fn routes(mut routes: Route, pages: &AccountPages) -> Route {
    let script = Bytes::from_static(include_bytes!("page.js"));
    let style = Bytes::from_static(include_bytes!("page.css"));
    for &page in AccountPage::ALL {
        routes = routes.at(format!("/account/{}", page.path()), get(Page::new(page, pages)));
    }
    if let Some(logo) = &pages.logo {
        let bytes = logo.bytes.clone().into();
        routes = routes.at("/account/logo", get(File { content_type: logo.content_type, bytes }));
    }
    routes
        .at("/account/page.js", get(File { content_type: "text/javascript; charset=utf-8", bytes: script }))
        .at("/account/page.css", get(File { content_type: "text/css; charset=utf-8", bytes: style }))
}
