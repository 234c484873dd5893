use poem_openapi::OpenApi;
use secrecy::ExposeSecret;

use crate::api::answers::Done;
use crate::api::input::{JsonBody, MailedToken, input};
use crate::api::problem::{Problem, Rejection, Violation, refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{Client, NewPassword};
use crate::usecases::AcceptInvitationError;

pub struct AcceptInvitation;

input! {
    /// The token from the mail of an invitation, and the first password.
    pub struct AcceptInvitationBody {
        /// The token from the mail
        pub token: MailedToken,
        /// The password; the rules of registration apply
        pub password: NewPassword,
    }
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Mails")]
impl AcceptInvitation {
    /// Accept an invitation
    ///
    /// Sets the first password of the invited user, and verifies the email address. Each token is valid once,
    /// until a newer one is mailed or the invitation is revoked; a rejected password does not use up the
    /// token. A locked account stays locked.
    #[oai(path = "/invitation/accept", method = "post", operation_id = "accept_invitation")]
    async fn accept_invitation(
        &self,
        service: Service<'_>,
        client: Client,
        body: JsonBody<AcceptInvitationBody>,
    ) -> Result<Done, Rejection<AcceptInvitationError>> {
        let AcceptInvitationBody { token, password } = body.0;
        service.invitations.accept.run(client.address, token.0.expose_secret(), &password).await?;
        Ok(Done::Done)
    }
}

refuse! {
    AcceptInvitationError [Banned, RateLimited, Overloaded] {
        InvalidToken => Problem::invalid_invitation(),
        WeakPassword(weakness) => {
            Problem::wrong_values(vec![Violation::from(weakness).about("password")])
        },
    }
}
