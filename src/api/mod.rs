//! The HTTP API.
//!
//! **Here**: the endpoints (`auth/`, `me/`, `users/`, `system/`), the pages behind the links in mails
//! (`account/`), request input (`input/`), response bodies (`views/`), problems (`problem/`), the
//! documentation (`docs/`), the accept loop (`server/`), the middleware (`middleware/`), and the memory
//! budget for clients (`budget/`). Also the endpoint for a Prometheus server (`metrics`).
//!
//! **May use**: `usecases`, `domain`, `ports`, poem, poem-openapi, hyper.
//!
//! **To add one**: an endpoint is a file that reads its input, calls one use case and maps each of its errors
//! to a problem.

mod account;
mod answers;
mod auth;
mod bearer;
mod browser;
pub mod budget;
mod cookies;
mod credentials;
pub mod docs;
mod failure;
pub mod input;
mod invitations;
mod kind;
mod me;
pub mod metrics;
pub mod middleware;
mod precondition;
pub mod problem;
mod refresh_token;
pub mod server;
mod service;
mod site;
mod strict_query;
mod system;
mod tags;
mod users;
mod views;
mod web_origins;

use std::sync::Arc;

use poem::endpoint::BoxEndpoint;
use poem::{IntoEndpoint as _, Request, Route};
use poem_openapi::{OpenApi, OpenApiService};

use crate::domain::Languages;
use crate::ports::AccountPages;
use crate::tasks::Shutdown;
use crate::usecases::UseCases;
pub use cookies::Cookies;
pub use docs::{DocumentSettings, lazy_document};
pub use input::metadata_patch;
use middleware::Middleware;
use service::ServiceParts;
use site::Site;
use strict_query::StrictQuery;
pub use system::{ServerDescription, ServerFacts};
pub use views::{InvitationView, UserView};
pub use web_origins::WebOrigins;

/// All endpoints of the service.
fn routes() -> impl OpenApi {
    (auth::routes(), me::routes(), users::routes(), invitations::routes(), system::routes())
}

/// The HTTP service: its endpoints, their documentation and the middleware. `docs` is what the document
/// says about this installation; without it, the documentation pages are not found. `languages` are those of
/// mails.
#[must_use]
pub fn endpoint(
    use_cases: Arc<UseCases>,
    description: ServerDescription,
    middleware: Middleware,
    shutdown: Shutdown,
    docs: Option<DocumentSettings>,
    pages: &AccountPages,
    languages: &Languages,
) -> BoxEndpoint<'static> {
    let pages = account::routes(Route::new(), pages);
    let parts = Arc::new(ServiceParts { use_cases, description, languages: languages.clone(), shutdown });
    around(routes(), middleware, docs, pages, move |request| request.set_data(Arc::clone(&parts)))
}

/// The OpenAPI document of an installation, as JSON.
#[must_use]
pub fn openapi_document(settings: &DocumentSettings) -> String {
    fn document<T: OpenApi>(_: T, settings: &DocumentSettings) -> String {
        docs::document::<T>(settings)
    }
    document(routes(), settings)
}

/// The ids of all operations, as in the OpenAPI document.
#[must_use]
pub fn operations() -> Vec<&'static str> {
    fn names<T: OpenApi>(_: T) -> Vec<&'static str> {
        let paths = T::meta().into_iter().flat_map(|api| api.paths);
        paths.flat_map(|path| path.operations).filter_map(|operation| operation.operation_id).collect()
    }
    names(routes())
}

/// Combines an API with its pages, its documentation, if there are settings for it, and the middleware.
/// `give` adds the data to a request that endpoints need.
fn around<T: OpenApi + 'static>(
    api: T,
    middleware: Middleware,
    docs: Option<DocumentSettings>,
    pages: Route,
    give: impl Fn(&mut Request) + Send + Sync + 'static,
) -> BoxEndpoint<'static> {
    let (api, plain) = StrictQuery::new(api);
    let api = OpenApiService::new(api, "", "").into_endpoint();
    let pages = match docs {
        Some(settings) => docs::routes::<T>(pages, settings),
        None => pages,
    };
    middleware.around(Site { api, plain, pages, give }, &T::meta())
}

#[cfg(test)]
mod tests;
