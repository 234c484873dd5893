//! The documentation: `/openapi.json` with Swagger UI under `/docs` and Redoc under `/redoc`,
//! `/asyncapi.json` with a page under `/docs/events`, and a page at `/` that links to them.
//!
//! **Here**: the document (`document.rs`, `problems.rs`, `introduction.md`), the rules that complete it
//! (`rules/`), the three pages with the scripts that poem-openapi embeds (`bundle.rs`), and their serving
//! (`asset.rs`). The content security policy of a page allows no other host.
//!
//! **May use**: poem, poem-openapi, `problem`, and the schema of a cursor.
//!
//! **To add one**: an asset and its route in [`routes`].

mod asset;
mod bundle;
mod document;
mod events;
mod problems;
mod rules;
mod settings;

use std::sync::Arc;

use poem::{Route, get};
use poem_openapi::OpenApi;

use asset::Asset;
pub use document::document;
pub use settings::{DocumentSettings, lazy_document};

/// Swagger UI sets styles by script, so `unsafe-inline` is needed. Icons are data URLs.
const SWAGGER_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Redoc also needs a worker, which it creates from a text for its search.
const REDOC_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// The page at `/` has no script.
const INDEX_POLICY: &str =
    "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page of events has no script.
const EVENTS_POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

const CSS: &str = "text/css; charset=utf-8";

/// The first path segment of all these routes; that of `/` is empty.
pub const SEGMENTS: [&str; 5] = ["", "openapi.json", "asyncapi.json", "docs", "redoc"];

/// Adds the documentation of the API to the routes.
pub fn routes<T: OpenApi + 'static>(routes: Route, settings: DocumentSettings) -> Route {
    let base = settings.base_path();
    let settings = Arc::new(settings);
    let described = Arc::clone(&settings);
    let asyncapi = Asset::document("application/json", move || format!("{:#}", **described.asyncapi).into());
    let described = Arc::clone(&settings);
    let events = Asset::page(move || events::page(&described.asyncapi).into(), EVENTS_POLICY);
    let openapi = Asset::document("application/json", move || document::<T>(&settings).into());
    let swagger = Asset::page(|| include_str!("swagger.html").into(), SWAGGER_POLICY);
    let redoc = Asset::page(|| include_str!("redoc.html").into(), REDOC_POLICY);
    let index = Asset::page(move || include_str!("index.html").replace("{base}", &base).into(), INDEX_POLICY);
    routes
        .at("/", get(index))
        .at("/openapi.json", get(openapi))
        .at("/asyncapi.json", get(asyncapi))
        .at("/docs", get(swagger))
        .at("/docs/swagger-ui.js", get(Asset::library(JAVASCRIPT, bundle::swagger_script)))
        .at("/docs/swagger-ui.css", get(Asset::library(CSS, bundle::swagger_style)))
        .at("/docs/events", get(events))
        .at("/docs/events.css", get(Asset::library(CSS, || include_str!("events.css").into())))
        .at("/docs/start.js", get(Asset::library(JAVASCRIPT, || include_str!("swagger.js").into())))
        .at("/redoc", get(redoc))
        .at("/redoc/redoc.js", get(Asset::library(JAVASCRIPT, bundle::redoc_script)))
        .at("/redoc/start.js", get(Asset::library(JAVASCRIPT, || include_str!("redoc.js").into())))
}
