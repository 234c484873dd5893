use poem::Request;
use poem_openapi::OpenApi;
use secrecy::{ExposeSecret, SecretString};

use crate::api::answers::Tokens;
use crate::api::browser::WithCookies;
use crate::api::input::input;
use crate::api::problem::{Problem, Rejection, refuse};
use crate::api::refresh_token::RefreshToken;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::Client;
use crate::usecases::RefreshError;

pub struct Refresh;

input! {
    /// The refresh token to replace.
    pub struct RefreshBody {
        /// The newest refresh token of the session
        pub refresh_token: SecretString,
    }
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Auth")]
impl Refresh {
    /// Refresh the tokens
    ///
    /// Replaces a refresh token by its successor, and issues a new access token. A token that was replaced a
    /// moment ago gives the same successor again, so lost responses and parallel requests do no harm. An
    /// older token ends the session.
    ///
    /// The token is in the body, and the next pair in the response; or, after a log-in with the transport
    /// `cookie`, both are in cookies, and there is no body.
    #[oai(path = "/refresh", method = "post", operation_id = "refresh")]
    async fn refresh(
        &self,
        service: Service<'_>,
        client: Client,
        request: &Request,
        presented: RefreshToken<RefreshBody>,
    ) -> Result<WithCookies<Tokens>, Rejection<RefreshError>> {
        let RefreshToken { token, transport, .. } = presented;
        let token = token.ok_or_else(Problem::no_refresh_token)?;
        let pair = service.auth.refresh.run(token.expose_secret(), client).await?;
        Ok(WithCookies::tokens(request, pair, transport)?)
    }
}

impl From<RefreshBody> for SecretString {
    fn from(body: RefreshBody) -> Self {
        body.refresh_token
    }
}

refuse! {
    RefreshError [InvalidToken, TokenReused, SessionRevoked, SessionExpired, Banned, RateLimited] {
        InvalidToken => Problem::invalid_refresh_token(),
        TokenReused => Problem::token_reused(),
        SessionRevoked => Problem::session_revoked(),
        SessionExpired => Problem::session_expired(),
        AudienceNotServed => Problem::audience_not_served(),
    }
}
