use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use uuid::Uuid;

use crate::api::bearer::AdminBearer;
use crate::api::problem::Refusal;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::api::views::SessionListView;
use crate::domain::UserId;
use crate::usecases::FindUserError;

pub struct ListUserSessions;

#[OpenApi(prefix_path = "/api/v1/users", tag = "Tag::Users")]
impl ListUserSessions {
    /// List a user's sessions
    ///
    /// Shows where the user is logged in, newest first.
    #[oai(path = "/:id/sessions", method = "get", operation_id = "list_user_sessions")]
    async fn list_user_sessions(
        &self,
        service: Service<'_>,
        bearer: AdminBearer,
        /// The user's id
        id: Path<Uuid>,
    ) -> Result<Json<SessionListView>, Refusal<FindUserError>> {
        let user = service.find_user.run(UserId(id.0)).await?;
        let sessions = service.list_sessions.run(user.id).await.map_err(FindUserError::Failed)?;
        Ok(Json(SessionListView::new(&sessions, bearer.0.session_id)))
    }
}
