use poem::Request;
use poem_openapi::OpenApi;

use crate::api::answers::Done;
use crate::api::bearer::Bearer;
use crate::api::browser::WithCookies;
use crate::api::problem::{Problem, Rejection, refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::RevocationReason;
use crate::usecases::RevokeAllSessionsError;

pub struct LogOutAll;

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Auth")]
impl LogOutAll {
    /// Log out everywhere
    ///
    /// Ends all sessions of the user, including the current one, and removes the cookies of a log-in with the
    /// transport `cookie`.
    #[oai(path = "/logout-all", method = "post", operation_id = "log_out_all")]
    async fn log_out_all(
        &self,
        service: Service<'_>,
        bearer: Bearer,
        request: &Request,
    ) -> Result<WithCookies<Done>, Rejection<RevokeAllSessionsError>> {
        let who = bearer.0;
        let (asking, reason) = (Some(who.session_id), RevocationReason::LoggedOutEverywhere);
        service.sessions.revoke_all.run(who.user.id, asking, who.actor(), reason).await?;
        Ok(WithCookies::removed_if_sent(request)?)
    }
}

refuse! {
    RevokeAllSessionsError [NotFound] {
        NotFound => Problem::not_found("user"),
    }
}
