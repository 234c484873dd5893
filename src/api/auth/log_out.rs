use poem_openapi::OpenApi;
use secrecy::{ExposeSecret, SecretString};

use crate::api::answers::Done;
use crate::api::input::{JsonBody, input};
use crate::api::problem::{Code, Problem, Refuse, Rejection};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::Client;
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
    /// Ends the session of the refresh token. Repeating the request changes nothing.
    #[oai(path = "/logout", method = "post", operation_id = "log_out")]
    async fn log_out(
        &self,
        service: Service<'_>,
        client: Client,
        body: JsonBody<LogOutBody>,
    ) -> Result<Done, Rejection<LogOutError>> {
        service.log_out.run(body.0.refresh_token.expose_secret(), client.address).await?;
        Ok(Done::Done)
    }
}

impl Refuse for LogOutError {
    const CODES: &'static [Code] = &[Code::InvalidToken, Code::RateLimited];

    fn into_problem(self) -> Problem {
        match self {
            Self::InvalidToken => Problem::new(Code::InvalidToken, "The refresh token is not valid."),
            Self::Failed(failure) => failure.into(),
        }
    }
}
