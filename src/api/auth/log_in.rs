use poem_openapi::OpenApi;

use crate::api::answers::Tokens;
use crate::api::input::{JsonBody, input};
use crate::api::problem::{Code, Problem, Refuse, Rejection};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{Client, Email, Password};
use crate::usecases::LogInError;

pub struct LogIn;

input! {
    /// The credentials of a user.
    pub struct LogInBody {
        /// Email address of the user
        pub email: Email,
        /// Password of the user
        pub password: Password,
    }
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Auth")]
impl LogIn {
    /// Log in
    ///
    /// Opens a session and returns its tokens. The response is the same for an unknown email address and for
    /// a wrong password.
    #[oai(path = "/login", method = "post", operation_id = "log_in")]
    async fn log_in(
        &self,
        service: Service<'_>,
        client: Client,
        body: JsonBody<LogInBody>,
    ) -> Result<Tokens, Rejection<LogInError>> {
        Ok(service.log_in.run(&body.0.email, &body.0.password, client).await?.into())
    }
}

impl Refuse for LogInError {
    const CODES: &'static [Code] =
        &[Code::InvalidCredentials, Code::AccountLocked, Code::Banned, Code::RateLimited, Code::Overloaded];

    fn into_problem(self) -> Problem {
        match self {
            Self::InvalidCredentials => {
                Problem::new(Code::InvalidCredentials, "The email address or the password is wrong.")
            }
            Self::AccountLocked => {
                Problem::new(Code::AccountLocked, "This account is locked. An administrator can unlock it.")
            }
            Self::Failed(failure) => failure.into(),
        }
    }
}
