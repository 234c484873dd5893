use poem_openapi::OpenApi;

use crate::api::answers::Accepted;
use crate::api::failure::Limited;
use crate::api::input::{JsonBody, input};
use crate::api::problem::Refusal;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{Client, Email};

pub struct ResendVerification;

input! {
    /// Where the mail is to go.
    pub struct ResendVerificationBody {
        /// The address of an account that is not verified
        pub email: Email,
    }
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Auth")]
impl ResendVerification {
    /// Send the verification again
    ///
    /// The answer is the same whether or not there is such an account, and whether or not it is verified. A mail goes out
    /// once a minute at most, and ends the token of the one before.
    #[oai(path = "/email/verify/resend", method = "post", operation_id = "resend_verification")]
    async fn resend_verification(
        &self,
        service: Service<'_>,
        client: Client,
        body: JsonBody<ResendVerificationBody>,
    ) -> Result<Accepted, Refusal<Limited>> {
        service.resend_verification.run(client.address, &body.0.email).await.map_err(Limited)?;
        Ok(Accepted::Accepted)
    }
}
