use poem_openapi::OpenApi;

use crate::api::answers::CurrentUser;
use crate::api::bearer::Bearer;
use crate::api::input::{JsonBody, input};
use crate::api::problem::Refusal;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::DisplayName;
use crate::usecases::{Change, Expected, UpdateUserError, UserChanges};

pub struct UpdateMe;

input! {
    /// What to change of one's account; what is left out stays.
    pub struct UpdateMeBody {
        /// What one wants to be called; null takes the name away
        pub name: Change<DisplayName>,
    }
}

#[OpenApi(prefix_path = "/api/v1/users/me", tag = "Tag::Me")]
impl UpdateMe {
    /// Change one's account
    #[oai(path = "/", method = "patch", operation_id = "update_me")]
    async fn update_me(
        &self,
        service: Service<'_>,
        bearer: Bearer,
        body: JsonBody<UpdateMeBody>,
    ) -> Result<CurrentUser, Refusal<UpdateUserError>> {
        let who = bearer.0;
        let changes = UserChanges { name: body.0.name, ..UserChanges::default() };
        let user = service.update_user.run(who.user.id, &changes, &Expected::Any, who.actor()).await?;
        Ok(CurrentUser::from(&user))
    }
}
