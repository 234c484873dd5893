use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use crate::api::answers::CurrentUser;
use crate::api::bearer::AdminBearer;
use crate::api::input::Id;
use crate::api::problem::{Problem, Rejection, refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::UserId;
use crate::usecases::ShowUserError;

pub struct ShowUser;

#[OpenApi(prefix_path = "/api/v1/users", tag = "Tag::Users")]
impl ShowUser {
    /// Show a user
    ///
    /// Returns the account with its version as `ETag`.
    #[oai(path = "/:id", method = "get", operation_id = "show_user")]
    async fn show_user(
        &self,
        service: Service<'_>,
        _bearer: AdminBearer,
        /// ID of the user
        id: Path<Id>,
    ) -> Result<CurrentUser, Rejection<ShowUserError>> {
        let user = service.users.show.run(UserId(id.0.0)).await?;
        Ok(CurrentUser::cached(&user)?)
    }
}

refuse! {
    ShowUserError [NotFound] {
        NotFound => Problem::not_found("user"),
    }
}
