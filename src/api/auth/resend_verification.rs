use poem_openapi::OpenApi;

use crate::api::answers::Accepted;
use crate::api::failure::Limited;
use crate::api::input::{AcceptedLanguage, JsonBody, input};
use crate::api::problem::Rejection;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{Client, Email};

pub struct ResendVerification;

input! {
    /// The recipient of the mail.
    pub struct ResendVerificationBody {
        /// Email address that is not verified yet
        pub email: Email,
    }
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Mails")]
impl ResendVerification {
    /// Resend the verification mail
    ///
    /// The response is the same whether or not an account has the email address, and whether or not it is
    /// verified. A mail is sent at most once a minute, and invalidates the token of the previous one.
    #[oai(path = "/email/verify/resend", method = "post", operation_id = "resend_verification")]
    async fn resend_verification(
        &self,
        service: Service<'_>,
        client: Client,
        accepted: AcceptedLanguage,
        body: JsonBody<ResendVerificationBody>,
    ) -> Result<Accepted, Rejection<Limited>> {
        service
            .auth
            .resend_verification
            .run(client.address, &body.0.email, accepted.0)
            .await
            .map_err(Limited)?;
        Ok(Accepted::Accepted)
    }
}
