use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use crate::api::answers::Done;
use crate::api::bearer::Bearer;
use crate::api::input::Id;
use crate::api::problem::{Problem, Rejection, refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::SessionId;
use crate::usecases::RevokeSessionError;

pub struct RevokeSession;

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Sessions")]
impl RevokeSession {
    /// End one of my sessions
    ///
    /// Repeating the request changes nothing.
    #[oai(path = "/sessions/:id", method = "delete", operation_id = "revoke_session")]
    async fn revoke_session(
        &self,
        service: Service<'_>,
        bearer: Bearer,
        /// ID of the session
        id: Path<Id>,
    ) -> Result<Done, Rejection<RevokeSessionError>> {
        service.sessions.revoke.run(bearer.0.user.id, SessionId(id.0.0)).await?;
        Ok(Done::Done)
    }
}

refuse! {
    RevokeSessionError [NotFound] {
        NotFound => Problem::no_such_session(),
    }
}
