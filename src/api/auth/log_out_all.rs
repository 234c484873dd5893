use poem_openapi::OpenApi;

use crate::api::answers::Done;
use crate::api::bearer::Bearer;
use crate::api::problem::{Code, Problem, Refusal, Refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::RevocationReason;
use crate::usecases::EndAllSessionsError;

pub struct LogOutEverywhere;

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Auth")]
impl LogOutEverywhere {
    /// Log out everywhere
    ///
    /// Ends every session of the user, this one included.
    #[oai(path = "/logout-all", method = "post", operation_id = "logout_all")]
    async fn log_out_everywhere(
        &self,
        service: Service<'_>,
        bearer: Bearer,
    ) -> Result<Done, Refusal<EndAllSessionsError>> {
        let who = bearer.0;
        let (asking, reason) = (Some(who.session_id), RevocationReason::LoggedOutEverywhere);
        service.end_all_sessions.run(who.user.id, asking, who.actor(), reason).await?;
        Ok(Done::Done)
    }
}

impl Refuse for EndAllSessionsError {
    const CODES: &'static [Code] = &[Code::NotFound];

    fn into_problem(self) -> Problem {
        match self {
            Self::NotFound => Problem::no_such_user(),
            Self::Failed(failure) => failure.into(),
        }
    }
}
