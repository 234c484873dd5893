use poem_openapi::OpenApi;
use secrecy::ExposeSecret;

use crate::api::answers::Done;
use crate::api::input::{JsonBody, MailedToken, input};
use crate::api::problem::{Problem, Rejection, Violation, refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{Client, NewPassword};
use crate::usecases::ResetPasswordError;

pub struct ResetPassword;

input! {
    /// The token from a mail, and the new password.
    pub struct ResetPasswordBody {
        /// The token from the mail
        pub token: MailedToken,
        /// The new password; the rules of registration apply
        pub new_password: NewPassword,
    }
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Mails")]
impl ResetPassword {
    /// Set a new password
    ///
    /// Ends all sessions of the user, and verifies the email address. Each token is valid once, until a newer
    /// one is mailed or the password changes; a rejected password does not use up the token. A locked account
    /// stays locked.
    #[oai(path = "/password/reset", method = "post", operation_id = "reset_password")]
    async fn reset_password(
        &self,
        service: Service<'_>,
        client: Client,
        body: JsonBody<ResetPasswordBody>,
    ) -> Result<Done, Rejection<ResetPasswordError>> {
        let ResetPasswordBody { token, new_password } = body.0;
        service.auth.reset_password.run(client.address, token.0.expose_secret(), &new_password).await?;
        Ok(Done::Done)
    }
}

refuse! {
    ResetPasswordError [Banned, RateLimited, Overloaded] {
        InvalidToken => Problem::invalid_mailed_token(),
        WeakPassword(weakness) => {
            Problem::wrong_values(vec![Violation::from(weakness).about("new_password")])
        },
    }
}
