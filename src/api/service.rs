use std::ops::Deref;
use std::sync::Arc;

use poem::{FromRequest, Request, RequestBody};

use super::problem::Problem;
use super::system::ServerDescription;
use crate::domain::Languages;
use crate::tasks::Shutdown;
use crate::usecases::UseCases;

/// What endpoints need beside the request. A request has all of it as one piece of data, since each piece is
/// an allocation.
pub struct ServiceParts {
    pub use_cases: Arc<UseCases>,
    pub description: ServerDescription,
    /// The languages of mails.
    pub languages: Languages,
    pub shutdown: Shutdown,
}

/// The argument of an endpoint that gives access to the use cases.
#[derive(Clone, Copy)]
pub struct Service<'a>(&'a ServiceParts);

impl<'a> Service<'a> {
    /// The service that answers the request.
    pub fn of(request: &'a Request) -> Result<Self, Problem> {
        request.data::<Arc<ServiceParts>>().map(|parts| Self(parts)).ok_or_else(Problem::internal)
    }

    /// The use cases.
    pub fn use_cases(self) -> &'a UseCases {
        &self.0.use_cases
    }

    /// The metadata of the installation.
    pub const fn description(self) -> &'a ServerDescription {
        &self.0.description
    }

    /// The languages of mails.
    pub const fn languages(self) -> &'a Languages {
        &self.0.languages
    }

    /// The shutdown of the process.
    pub const fn shutdown(self) -> &'a Shutdown {
        &self.0.shutdown
    }
}

impl Deref for Service<'_> {
    type Target = UseCases;

    fn deref(&self) -> &UseCases {
        self.use_cases()
    }
}

impl<'a> FromRequest<'a> for Service<'a> {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self::of(request)?)
    }
}
