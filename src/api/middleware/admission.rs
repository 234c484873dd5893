use std::net::IpAddr;

use poem::Request;

use crate::api::kind::Kind;
use crate::api::problem::{ADDRESS_BANNED, Problem};
use crate::usecases::Failure;

/// Decides whether a client address is admitted.
pub type Admission = Box<dyn Fn(Option<IpAddr>) -> Result<(), Failure> + Send + Sync>;

/// Refuses a client whose address is banned, before any other work. The health endpoints stay open: operators
/// need them, and they return no other data.
pub fn check(admission: &Admission, request: &Request, client: Option<IpAddr>) -> Result<(), Problem> {
    if Kind::of_path(request.uri().path()) == Kind::Health {
        return Ok(());
    }
    admission(client).map_err(|failure| match failure {
        Failure::Banned(banned) => Problem::banned(ADDRESS_BANNED, banned),
        other => other.into(),
    })
}
