//! What surrounds every request before and after its endpoint.
//!
//! **Here**: one file a concern: the request id, the trace, the access log, the head of the request and the host that it asks, the deadline, the
//! response headers, the client's address and whether it is banned, and the catch-all that turns every error into a problem.
//!
//! **May use**: `domain`, `ports`, `usecases`, `problem`, `kind`, `telemetry`, poem.
//!
//! **To add one**: a file with what is done before the endpoint, after it, or around it, and a line in `Surrounded`, at the
//! place in the order where it belongs.

mod access_log;
mod catch_all;
mod client;
mod deadline;
mod head;
mod headers;
mod host;
mod origin;
mod reading;
mod request_id;
mod room;
mod trace;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use poem::endpoint::BoxEndpoint;
use poem::{Endpoint, EndpointExt as _, Request, Response};
use poem_openapi::OperationId;
use tracing::Instrument as _;

use access_log::Line;
pub use catch_all::Methods;
pub(super) use client::{address as client_address, address_of_client};
pub use origin::Admission;
use reading::Reading;
pub use request_id::RequestId;
use room::Room;

use super::problem::Problem;
use crate::domain::PasswordPolicy;
use crate::ports::Ids;
use crate::telemetry;
use crate::telemetry::metrics::HttpCounts;

/// What the edge has to know. Extractors find it with every request.
pub struct Middleware {
    /// How large a body may be, in bytes.
    pub body_limit: usize,
    /// How long a request may take, its body included.
    pub request_timeout: Duration,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Says whether a client may ask for anything.
    pub admission: Admission,
    /// What new passwords have to be like.
    pub password_policy: PasswordPolicy,
    /// Whether clients reach the service by TLS only.
    pub https: bool,
    /// Makes request ids.
    pub ids: Arc<dyn Ids>,
    /// Counts requests.
    pub counts: Arc<HttpCounts>,
}

impl Middleware {
    /// Puts everything of this module around the routes. `methods` are those that each route has.
    pub fn around(self, routes: impl Endpoint + 'static, methods: Methods) -> BoxEndpoint<'static> {
        Surrounded { edge: Arc::new(self), methods, routes }.boxed()
    }

    /// The edge that the request came through.
    pub(super) fn of(request: &Request) -> Result<&Self, Problem> {
        request.data::<Arc<Self>>().map(Arc::as_ref).ok_or_else(Problem::internal)
    }
}

/// Routes with everything around them. One endpoint and not a middleware each, of which every one would hold the request
/// once more for as long as it is answered.
struct Surrounded<E> {
    edge: Arc<Middleware>,
    methods: Methods,
    routes: E,
}

impl<E: Endpoint> Endpoint for Surrounded<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let edge = &self.edge;
        let id = RequestId::of(&request, &*edge.ids);
        let trace = trace::of(&request);
        let trace_id = trace.map(|trace| trace.trace_id());
        let span = tracing::info_span!("request", id = id.as_str(), trace_id);
        let line = Line::begin(&request, &edge.trusted_proxies, span.clone());
        let observing = edge.counts.begin(line.began());
        request.set_data(id.clone());
        request.set_data(Arc::clone(edge));
        // Each is pinned where it lies. Handed on by value, every one would be held twice by the next, and moved with it.
        let answered = pin!(async {
            let admitted = origin::check(edge, &request, line.client());
            let room = Room::of(&request);
            let sane = admitted.and_then(|()| room.check()).and_then(|()| head::check(&request));
            let (version, path) = (request.version(), request.uri().clone());
            let reading = Reading::of(&mut request);
            let answer = pin!(self.routes.call(request));
            let answer = pin!(async {
                sane?;
                answer.await
            });
            let answer = pin!(deadline::keep(edge.request_timeout, &reading, answer));
            let mut response = catch_all::catch(answer, &id, &self.methods).await;
            reading.finish(&mut response, edge.body_limit).await;
            room.hold(&mut response, &id);
            headers::add(&mut response, path.path(), version, edge.https);
            id.give(&mut response);
            let took = observing.elapsed();
            line.write(&response, took);
            let operation = response.data::<OperationId>().map(|OperationId(name)| *name);
            observing.answered(operation, response.status().as_u16(), took);
            response
        });
        Ok(telemetry::trace::within(trace, answered).instrument(span).await)
    }
}
