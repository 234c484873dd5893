use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use crate::api::answers::Done;
use crate::api::bearer::AdminBearer;
use crate::api::input::Id;
use crate::api::precondition::IfMatch;
use crate::api::problem::{Problem, Rejection, refuse};
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

refuse! {
    DeleteUserError [NotFound, LastAdmin, PreconditionFailed] {
        NotFound => Problem::not_found("user"),
        PreconditionFailed => Problem::has_changed("user"),
        LastAdmin => Problem::last_admin(),
    }
}
