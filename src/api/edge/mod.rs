//! What surrounds every request before and after its endpoint.
//!
//! **Here**: one file a concern: the request id, the access log, the deadline, the security headers, the
//! client's address, and the catch-all that turns every error into a problem.
//!
//! **May use**: `domain`, `ports`, `problem`, poem.
//!
//! **To add one**: a file with a function `(next, request)` and a line in [`Edge::around`], at the place in
//! the order where it belongs.

mod access_log;
mod catch_all;
mod client;
mod deadline;
mod request_id;
mod security_headers;

use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use poem::endpoint::BoxEndpoint;
use poem::{Endpoint, EndpointExt as _, Request};

pub use catch_all::Methods;
pub use request_id::RequestId;

use super::problem::Problem;
use crate::domain::PasswordPolicy;
use crate::ports::Ids;

/// What the edge has to know. Extractors find it with every request.
pub struct Edge {
    /// How large a body may be, in bytes.
    pub body_limit: usize,
    /// How long a request may take, its body included.
    pub request_timeout: Duration,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// What new passwords have to be like.
    pub password_policy: PasswordPolicy,
    /// Makes request ids.
    pub ids: Arc<dyn Ids>,
}

impl Edge {
    /// Puts everything of this module around the routes. `methods` are those that each route has.
    pub fn around(self, routes: impl Endpoint + 'static, methods: Methods) -> BoxEndpoint<'static> {
        let methods = Arc::new(methods);
        routes
            .around(deadline::keep)
            .around(move |next, request| catch_all::catch(next, request, Arc::clone(&methods)))
            .around(security_headers::add)
            .around(access_log::write)
            .around(request_id::give)
            .data(Arc::new(self))
            .map_to_response()
            .boxed()
    }

    /// The edge that the request came through.
    pub(super) fn of(request: &Request) -> Result<&Self, Problem> {
        request.data::<Arc<Self>>().map(Arc::as_ref).ok_or_else(Problem::internal)
    }
}
