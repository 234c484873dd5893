use poem_openapi::OpenApi;

use crate::api::answers::Accepted;
use crate::api::failure::Limited;
use crate::api::input::{JsonBody, input};
use crate::api::problem::Refusal;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{Client, Email};

pub struct ForgotPassword;

input! {
    /// Where the mail is to go.
    pub struct ForgotPasswordBody {
        /// The address of the account whose password is forgotten
        pub email: Email,
    }
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Auth")]
impl ForgotPassword {
    /// Forgot my password
    ///
    /// Sends a mail to set a new password with. The answer is the same whether or not there is such an account. A mail goes
    /// out once a minute at most, and ends the token of the one before.
    #[oai(path = "/password/forgot", method = "post", operation_id = "forgot_password")]
    async fn forgot_password(
        &self,
        service: Service<'_>,
        client: Client,
        body: JsonBody<ForgotPasswordBody>,
    ) -> Result<Accepted, Refusal<Limited>> {
        service.forgot_password.run(client.address, &body.0.email).await.map_err(Limited)?;
        Ok(Accepted::Accepted)
    }
}
