use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use crate::api::answers::Done;
use crate::api::bearer::AdminBearer;
use crate::api::input::Id;
use crate::api::precondition::IfMatch;
use crate::api::problem::{Code, Problem, Refuse, Rejection};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::UserId;
use crate::usecases::DeleteUserError;

pub struct DeleteUser;

#[OpenApi(prefix_path = "/api/v1/users", tag = "Tag::Users")]
impl DeleteUser {
    /// Delete a user
    ///
    /// Deletes the account and ends all its sessions. This cannot be undone.
    #[oai(path = "/:id", method = "delete", operation_id = "delete_user")]
    async fn delete_user(
        &self,
        service: Service<'_>,
        bearer: AdminBearer,
        /// ID of the user
        id: Path<Id>,
        /// Delete only this version: the `ETag` of an earlier response
        #[oai(name = "If-Match")]
        if_match: IfMatch,
    ) -> Result<Done, Rejection<DeleteUserError>> {
        service.users.delete.run(UserId(id.0.0), &if_match.0, bearer.0.actor()).await?;
        Ok(Done::Done)
    }
}

impl Refuse for DeleteUserError {
    const CODES: &'static [Code] = &[Code::NotFound, Code::LastAdmin, Code::PreconditionFailed];

    fn into_problem(self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found("user"),
            Self::PreconditionFailed => Problem::has_changed("user"),
            Self::LastAdmin => Problem::last_admin(),
            Self::Failed(failure) => failure.into(),
        }
    }
}
