use std::sync::Arc;

use http_body_util::combinators::BoxBody;
use hyper::body::{Body as _, Bytes};
use poem::{Body, Request, Response};
use poem_openapi::OperationId;

use super::request_id::RequestId;
use crate::api::budget::{Flight, Refused};
use crate::api::kind::Kind;
use crate::api::problem::Problem;

/// The request's part of the memory budget.
pub struct Room {
    flight: Option<Arc<Flight>>,
    is_refused: bool,
}

impl Room {
    /// The part that the server assigned to the request.
    pub fn of(request: &Request) -> Self {
        Self {
            flight: request.data::<Arc<Flight>>().cloned(),
            is_refused: request.data::<Refused>().is_some(),
        }
    }

    /// Refuses a request without memory.
    pub fn check(&self) -> Result<(), Problem> {
        if self.is_refused { Err(Problem::overloaded()) } else { Ok(()) }
    }

    /// Counts the body of the response until the client has received it. A response for which there is no
    /// memory is replaced. Static files exist once for all responses, and are not counted.
    pub fn hold(&self, response: &mut Response, id: &RequestId) {
        let Some(flight) = &self.flight else { return };
        if matches!(response.data::<Kind>(), Some(Kind::Page | Kind::Asset)) {
            return;
        }
        let body: BoxBody<Bytes, _> = response.take_body().into();
        let bytes = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        response.set_body(Body::from(body));
        if !flight.hold(bytes) {
            let operation = response.data::<OperationId>().copied();
            *response = Problem::overloaded().into_response(id.as_str());
            if let Some(operation) = operation {
                response.set_data(operation);
            }
        }
    }
}
