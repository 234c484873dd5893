use poem_openapi::OpenApi;

use crate::api::answers::Done;
use crate::api::bearer::Bearer;
use crate::api::input::{JsonBody, input};
use crate::api::problem::{Problem, Rejection, Violation, refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{NewPassword, Password};
use crate::usecases::ChangePasswordError;

pub struct ChangePassword;

input! {
    /// The current password, and the new one.
    pub struct ChangePasswordBody {
        /// The current password
        pub current_password: Password,
        /// The new password; the rules of registration apply
        pub new_password: NewPassword,
    }
}

#[OpenApi(prefix_path = "/api/v1/users/me", tag = "Tag::Me")]
impl ChangePassword {
    /// Change my password
    ///
    /// Ends all other sessions of the user.
    #[oai(path = "/password", method = "post", operation_id = "change_password")]
    async fn change_password(
        &self,
        service: Service<'_>,
        bearer: Bearer,
        body: JsonBody<ChangePasswordBody>,
    ) -> Result<Done, Rejection<ChangePasswordError>> {
        service.me.change_password.run(&bearer.0, &body.0.current_password, &body.0.new_password).await?;
        Ok(Done::Done)
    }
}

refuse! {
    ChangePasswordError [RateLimited, Overloaded] {
        WrongPassword => Problem::wrong_password("current_password"),
        Deleted => Problem::invalid_access_token(),
        WeakPassword(weakness) => {
            Problem::wrong_values(vec![Violation::from(weakness).about("new_password")])
        },
    }
}
