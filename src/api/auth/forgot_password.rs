use poem_openapi::OpenApi;

use crate::api::answers::Accepted;
use crate::api::failure::Limited;
use crate::api::input::{AcceptedLanguage, JsonBody, input};
use crate::api::problem::Rejection;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{Client, Email};

pub struct ForgotPassword;

input! {
    /// The recipient of the mail.
    pub struct ForgotPasswordBody {
        /// Email address of the account
        pub email: Email,
    }
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Mails")]
impl ForgotPassword {
    /// Request a password reset
    ///
    /// Sends a mail with a link to set a new password. The response is the same whether or not an account has
    /// the email address. A mail is sent at most once a minute, and invalidates the token of the previous
    /// one.
    #[oai(path = "/password/forgot", method = "post", operation_id = "forgot_password")]
    async fn forgot_password(
        &self,
        service: Service<'_>,
        client: Client,
        accepted: AcceptedLanguage,
        body: JsonBody<ForgotPasswordBody>,
    ) -> Result<Accepted, Rejection<Limited>> {
        service.auth.forgot_password.run(client.address, &body.0.email, accepted.0).await.map_err(Limited)?;
        Ok(Accepted::Accepted)
    }
}
