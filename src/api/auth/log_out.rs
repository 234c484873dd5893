use poem::Request;
use poem_openapi::OpenApi;
use secrecy::{ExposeSecret, SecretString};

use crate::api::answers::Done;
use crate::api::browser::WithCookies;
use crate::api::input::input;
use crate::api::middleware::Middleware;
use crate::api::problem::{Problem, Rejection, refuse};
use crate::api::refresh_token::RefreshToken;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{Client, Transport};
use crate::usecases::LogOutError;

pub struct LogOut;

input! {
    /// The session to end.
    pub struct LogOutBody {
        /// A refresh token of the session
        pub refresh_token: SecretString,
    }
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Auth")]
impl LogOut {
    /// Log out
    ///
    /// Ends the session of the refresh token. Repeating the request changes nothing. The token is in the
    /// body; or, after a log-in with the transport `cookie`, in its cookie, and there is no body. Without
    /// such a cookie that is valid, the session of the access token in its cookie ends. The response removes
    /// the cookies, also for a page that has none any more.
    #[oai(path = "/logout", method = "post", operation_id = "log_out")]
    async fn log_out(
        &self,
        service: Service<'_>,
        client: Client,
        request: &Request,
        presented: RefreshToken<LogOutBody>,
    ) -> Result<WithCookies<Done>, Rejection<LogOutError>> {
        let RefreshToken { token, transport, .. } = presented;
        let ended = match &token {
            Some(token) => service.auth.log_out.run(token.expose_secret(), client.address).await,
            None => Err(LogOutError::InvalidToken),
        };
        if transport == Transport::Bearer {
            ended?;
            return Ok(WithCookies::kept());
        }
        let cookies = &Middleware::of(request)?.cookies;
        let ended = match ended {
            Err(LogOutError::InvalidToken) => match cookies.access(request.headers())? {
                Some(token) => service.auth.log_out.run_by_access_token(token, client.address).await,
                None => Ok(()),
            },
            ended => ended,
        };
        match ended {
            // Neither cookie opens a session. The page cannot remove them otherwise.
            Ok(()) | Err(LogOutError::InvalidToken) => Ok(WithCookies::removed(request)?),
            Err(error) => Err(error.into()),
        }
    }
}

impl From<LogOutBody> for SecretString {
    fn from(body: LogOutBody) -> Self {
        body.refresh_token
    }
}

refuse! {
    LogOutError [InvalidToken, RateLimited] {
        InvalidToken => Problem::invalid_refresh_token(),
    }
}
