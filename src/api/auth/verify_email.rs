use poem_openapi::OpenApi;
use secrecy::ExposeSecret;

use crate::api::answers::Done;
use crate::api::bearer::OptionalBearer;
use crate::api::input::{JsonBody, MailedToken, input};
use crate::api::problem::{FieldCode, Problem, Rejection, Violation, refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{Client, Password};
use crate::usecases::VerifyEmailError;

pub struct VerifyEmail;

input! {
    /// The token from a mail, and the password of the account.
    pub struct VerifyEmailBody {
        /// The token from the mail
        pub token: MailedToken,
        /// Password of the account; required unless an access token of its user is sent
        pub password: Option<Password>,
    }
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Mails")]
impl VerifyEmail {
    /// Verify an email address
    ///
    /// Takes the token from a mail. After a registration, it verifies the email address; after a request to
    /// change the email address, it confirms the new one. The request needs the password of the account or an
    /// access token of its user. Each token is valid once, until a newer one is mailed. Sessions stay active.
    #[oai(path = "/email/verify", method = "post", operation_id = "verify_email")]
    async fn verify_email(
        &self,
        service: Service<'_>,
        client: Client,
        bearer: OptionalBearer,
        body: JsonBody<VerifyEmailBody>,
    ) -> Result<Done, Rejection<VerifyEmailError>> {
        let VerifyEmailBody { token, password } = body.0;
        let (token, who) = (token.0.expose_secret(), bearer.0.as_ref());
        service.auth.verify_email.run(client.address, token, who, password.as_ref()).await?;
        Ok(Done::Done)
    }
}

refuse! {
    VerifyEmailError [Banned, EmailTaken, RateLimited, Overloaded] {
        InvalidToken => Problem::invalid_mailed_token(),
        AccountNotVerified => {
            let detail = "the password of the account, or an access token of its user, is required";
            Problem::wrong_values(vec![Violation::new(FieldCode::Missing, detail).about("password")])
        },
        WrongPassword => Problem::wrong_password("password"),
        EmailTaken => Problem::email_taken(),
    }
}
