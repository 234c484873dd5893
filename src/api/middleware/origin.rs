use std::net::IpAddr;

use poem::Request;

use super::Middleware;
use crate::api::kind::Kind;
use crate::api::problem::Problem;
use crate::usecases::Failure;

/// Says whether a client may ask for anything.
pub type Admission = Box<dyn Fn(Option<IpAddr>) -> Result<(), Failure> + Send + Sync>;

/// Refuses a client whose address is banned, before anything is done for it. The state of the service stays open: operators
/// ask for it, and it holds nothing else.
pub fn check(edge: &Middleware, request: &Request, client: Option<IpAddr>) -> Result<(), Problem> {
    if Kind::of_path(request.uri().path()) == Kind::Health {
        return Ok(());
    }
    (edge.admission)(client).map_err(|failure| match failure {
        Failure::Banned(banned) => Problem::banned("Requests from this address are refused.", banned),
        other => other.into(),
    })
}
