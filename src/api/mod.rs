//! HTTP: what a client can ask for, and what the service answers.
//!
//! **Here**: the endpoints (`auth/`, `me/`, `users/`, `system/`), the pages that mails link to (`account/`), how input is read (`input/`), what an answer holds
//! (`views/`), how a refusal looks (`problem/`), the documentation (`docs/`), the accept loop (`server/`) and what
//! surrounds every request (`edge/`), and how much memory clients can make the service use (`budget/`). Beside them, what a Prometheus server reads (`metrics`).
//!
//! **May use**: `usecases`, `domain`, `ports`, poem, poem-openapi, hyper.
//!
//! **To add one**: an endpoint is a file of its own that reads its input, calls one use case and says what
//! each of its errors becomes.

mod account;
mod answers;
mod auth;
mod bearer;
pub mod budget;
pub mod docs;
mod failure;
pub mod input;
mod kind;
mod me;
pub mod metrics;
pub mod middleware;
mod precondition;
pub mod problem;
pub mod server;
mod service;
mod site;
mod system;
mod tags;
mod users;
mod views;

use std::sync::Arc;

use poem::endpoint::BoxEndpoint;
use poem::{IntoEndpoint as _, Request, Route};
use poem_openapi::{OpenApi, OpenApiService};

use crate::tasks::Shutdown;
use crate::usecases::UseCases;
use middleware::{Methods, Middleware};
use site::Site;
pub use system::ServerMetadata;
pub use views::UserView;

/// Every endpoint of the service.
fn routes() -> impl OpenApi {
    (auth::routes(), me::routes(), users::routes(), system::routes())
}

/// The service over HTTP: its endpoints, their documentation and the edge around both. Without `docs`, the pages of the
/// documentation are not found.
#[must_use]
pub fn endpoint(
    use_cases: Arc<UseCases>,
    metadata: ServerMetadata,
    edge: Middleware,
    shutdown: Shutdown,
    docs: bool,
) -> BoxEndpoint<'static> {
    let metadata = Arc::new(metadata);
    around(routes(), edge, docs, move |request| {
        request.set_data(Arc::clone(&use_cases));
        request.set_data(Arc::clone(&metadata));
        request.set_data(shutdown.clone());
    })
}

/// The OpenAPI document as JSON.
#[must_use]
pub fn openapi_document() -> String {
    fn document<T: OpenApi>(_: T) -> String {
        docs::document::<T>()
    }
    document(routes())
}

/// What each operation is called, as in the OpenAPI document.
#[must_use]
pub fn operations() -> Vec<&'static str> {
    fn names<T: OpenApi>(_: T) -> Vec<&'static str> {
        let paths = T::meta().into_iter().flat_map(|api| api.paths);
        paths.flat_map(|path| path.operations).filter_map(|operation| operation.operation_id).collect()
    }
    names(routes())
}

/// An API with its documentation and the edge around both. `give` puts into a request what the endpoints look for there.
fn around<T: OpenApi + 'static>(
    api: T,
    edge: Middleware,
    docs: bool,
    give: impl Fn(&mut Request) + Send + Sync + 'static,
) -> BoxEndpoint<'static> {
    let methods = Methods::of(&T::meta());
    let api = OpenApiService::new(api, "", "").into_endpoint();
    let pages = if docs { docs::routes::<T>(Route::new()) } else { Route::new() };
    let pages = account::routes(pages);
    edge.around(Site { api, pages, give }, methods)
}

#[cfg(test)]
mod tests;
