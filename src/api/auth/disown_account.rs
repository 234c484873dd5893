use poem_openapi::OpenApi;
use secrecy::ExposeSecret;

use crate::api::answers::Done;
use crate::api::input::{JsonBody, MailedToken, input};
use crate::api::problem::{Problem, Rejection, refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::Client;
use crate::usecases::DisownAccountError;

pub struct DisownAccount;

input! {
    /// The token from a mail, as proof of who owns the email address.
    pub struct DisownAccountBody {
        /// The token from the mail that asks to verify or to confirm the email address
        pub token: MailedToken,
    }
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Mails")]
impl DisownAccount {
    /// Disown an account
    ///
    /// For the owner of an email address with which another person has registered. It makes the password
    /// unusable and ends all sessions. The owner can take over the account by resetting the password. The
    /// token of a change of the email address cancels only the change.
    #[oai(path = "/email/disown", method = "post", operation_id = "disown_account")]
    async fn disown_account(
        &self,
        service: Service<'_>,
        client: Client,
        body: JsonBody<DisownAccountBody>,
    ) -> Result<Done, Rejection<DisownAccountError>> {
        service.auth.disown_account.run(client.address, body.0.token.0.expose_secret()).await?;
        Ok(Done::Done)
    }
}

refuse! {
    DisownAccountError [RateLimited] {
        InvalidToken => Problem::invalid_mailed_token(),
    }
}
