use poem_openapi::OpenApi;
use secrecy::ExposeSecret;

use crate::api::answers::Done;
use crate::api::input::{JsonBody, MailedToken, input};
use crate::api::problem::{Code, Problem, Refusal, Refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::Client;
use crate::usecases::VerifyEmailError;

pub struct VerifyEmail;

input! {
    /// The proof that an address is one's own.
    pub struct VerifyEmailBody {
        /// The token from the mail
        pub token: MailedToken,
    }
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Auth")]
impl VerifyEmail {
    /// Verify an address
    ///
    /// Takes the token that was mailed: after registering, to verify the address, and after asking for another address, to
    /// confirm it. Each token is good once, and only until a newer one is mailed. Sessions go on.
    #[oai(path = "/email/verify", method = "post", operation_id = "verify_email")]
    async fn verify_email(
        &self,
        service: Service<'_>,
        client: Client,
        body: JsonBody<VerifyEmailBody>,
    ) -> Result<Done, Refusal<VerifyEmailError>> {
        service.verify_email.run(client.address, body.0.token.0.expose_secret()).await?;
        Ok(Done::Done)
    }
}

impl Refuse for VerifyEmailError {
    const CODES: &'static [Code] = &[Code::EmailTaken, Code::RateLimited];

    fn into_problem(self) -> Problem {
        match self {
            Self::InvalidToken => Problem::invalid_mailed_token(),
            Self::EmailTaken => Problem::new(Code::EmailTaken, "Another account has this address."),
            Self::Failed(failure) => failure.into(),
        }
    }
}
