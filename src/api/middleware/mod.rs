//! The middleware: the steps before and after every endpoint.
//!
//! **Here**: one file per concern: the request id, the trace and its span, the access log, the checks of the
//! head and its host, the deadline, the response headers, the pages of other origins, the client address and
//! its ban, and the catch-all that converts every error to a problem.
//!
//! **May use**: `domain`, `ports`, `usecases`, `problem`, `kind`, `telemetry`, poem.
//!
//! **To add one**: a file with the step before, after or around the endpoint, and a line at the right place
//! in `Surrounded`.

mod access_log;
mod admission;
mod base_path;
mod catch_all;
mod client;
mod cors;
mod deadline;
mod head;
mod headers;
mod host;
mod introduction;
mod reading;
mod request_id;
mod room;
mod settings;
mod span;
mod trace;

use std::pin::pin;
use std::sync::Arc;

use poem::endpoint::BoxEndpoint;
use poem::{Endpoint, EndpointExt as _, Request, Response};
use poem_openapi::OperationId;
use poem_openapi::registry::MetaApi;
use tracing::Instrument as _;

use access_log::{Line, Operation, Operations};
pub use admission::Admission;
pub(super) use base_path::BasePath;
use catch_all::Methods;
pub(super) use catch_all::pattern;
pub(super) use client::{address as client_address, address_of_client};
use cors::Preflight;
use reading::Reading;
pub use request_id::RequestId;
use room::Room;
pub use settings::{Introduce, Middleware};

use crate::telemetry;

impl Middleware {
    /// Wraps the routes of these APIs in this middleware.
    pub fn around(self, routes: impl Endpoint + 'static, apis: &[MetaApi]) -> BoxEndpoint<'static> {
        let (methods, operations, preflight) = (Methods::of(apis), Operations::of(apis), Preflight::of(apis));
        Surrounded { middleware: Arc::new(self), methods, operations, preflight, routes }.boxed()
    }
}

/// Routes with all middleware. One endpoint instead of one middleware each, of which every one would keep
/// another copy of the request while it is served.
struct Surrounded<E> {
    middleware: Arc<Middleware>,
    methods: Methods,
    operations: Operations,
    preflight: Preflight,
    routes: E,
}

impl<E: Endpoint> Endpoint for Surrounded<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let middleware = &self.middleware;
        let id = RequestId::of(&request, &*middleware.ids);
        let mut cause = trace::cause(&request, &id);
        let recorded = span::begin(&middleware.tracer, &request, middleware.https, &mut cause);
        let recording = recorded.recording();
        let trace_id = cause.trace.map(|trace| trace.trace_id());
        let span = tracing::info_span!("request", request_id = id.as_str(), trace_id);
        let line = Line::begin(&request, &middleware.trusted_proxies, span.clone());
        let observing = middleware.counts.begin(line.began());
        let introduction = introduction::answer(&middleware.introduce, &middleware.trusted_proxies, &request);
        request.set_data(Arc::clone(middleware));
        // Each future is pinned in place. Passed by value, each would be stored twice by the next one, and
        // moved with it.
        let answered = pin!(async {
            let origin = middleware.web_origins.allowed(request.headers());
            let preflight = self.preflight.answer(&request, origin);
            let is_preflight = preflight.is_some();
            let room = Room::of(&request);
            // A preflight costs nothing, and without its answer a page could not read why its request is
            // refused.
            let admitted = match preflight {
                Some(_) => Ok(()),
                None => admission::check(&middleware.admission, &request, line.client())
                    .and_then(|()| room.check()),
            };
            let sane = admitted.and_then(|()| head::check(&request));
            let (version, path) = (request.version(), request.uri().clone());
            let reading = Reading::of(&mut request);
            let answer = pin!(self.routes.call(request));
            let answer = pin!(async {
                sane?;
                match preflight {
                    Some(preflight) => Ok(preflight),
                    None => answer.await.map(poem::IntoResponse::into_response),
                }
            });
            let answer = pin!(deadline::keep(middleware.request_timeout, &reading, answer));
            let mut response = catch_all::catch(answer, &id, &self.methods).await;
            reading.finish(&mut response, middleware.body_limit).await;
            room.hold(&mut response, &id);
            headers::add(&mut response, path.path(), version, middleware.https);
            cors::add(response.headers_mut(), &middleware.web_origins, origin, is_preflight);
            id.give(&mut response);
            introduction::add(&mut response, introduction);
            let took = observing.elapsed();
            let operation = response.data::<OperationId>().map(|OperationId(name)| *name);
            let named = operation.and_then(|name| self.operations.named(name));
            span::end(recorded, &response, named.map(Operation::route));
            line.write(&response, named, took);
            observing.answered(operation, response.status().as_u16(), took);
            response
        });
        Ok(telemetry::trace::recorded(cause, recording, answered).instrument(span).await)
    }
}
