use poem_openapi::OpenApi;

use crate::api::answers::CurrentUser;
use crate::api::bearer::Bearer;
use crate::api::problem::Rejection;
use crate::api::tags::Tag;
use crate::usecases::Failure;

pub struct ShowMe;

#[OpenApi(prefix_path = "/api/v1/users/me", tag = "Tag::Me")]
impl ShowMe {
    /// Show my account
    ///
    /// Also the way to find out whose an access token is.
    #[oai(path = "/", method = "get", operation_id = "show_me")]
    async fn show_me(&self, bearer: Bearer) -> Result<CurrentUser, Rejection<Failure>> {
        Ok(CurrentUser::cached(&bearer.0.user)?)
    }
}
