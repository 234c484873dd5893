use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use crate::api::answers::Done;
use crate::api::bearer::AdminBearer;
use crate::api::input::Id;
use crate::api::problem::Rejection;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{RevocationReason, UserId};
use crate::usecases::RevokeAllSessionsError;

pub struct RevokeUserSessions;

#[OpenApi(prefix_path = "/api/v1/users", tag = "Tag::Sessions")]
impl RevokeUserSessions {
    /// End a user's sessions
    ///
    /// Ends all sessions of the user. The user can log in again.
    #[oai(path = "/:id/sessions", method = "delete", operation_id = "revoke_user_sessions")]
    async fn revoke_user_sessions(
        &self,
        service: Service<'_>,
        bearer: AdminBearer,
        /// ID of the user
        id: Path<Id>,
    ) -> Result<Done, Rejection<RevokeAllSessionsError>> {
        let (user, actor, reason) = (UserId(id.0.0), bearer.0.actor(), RevocationReason::EndedByAdmin);
        // An administrator may revoke their own sessions here.
        let asking = (bearer.0.user.id == user).then_some(bearer.0.session_id);
        service.sessions.revoke_all.run(user, asking, actor, reason).await?;
        Ok(Done::Done)
    }
}
