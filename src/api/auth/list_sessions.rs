use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use crate::api::bearer::Bearer;
use crate::api::problem::Refusal;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::api::views::SessionListView;
use crate::usecases::Failure;

pub struct ListSessions;

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Auth")]
impl ListSessions {
    /// List my sessions
    ///
    /// Shows where the user is logged in, newest first. The session that asks is marked.
    #[oai(path = "/sessions", method = "get", operation_id = "list_sessions")]
    async fn list_sessions(
        &self,
        service: Service<'_>,
        bearer: Bearer,
    ) -> Result<Json<SessionListView>, Refusal<Failure>> {
        let who = bearer.0;
        let sessions = service.list_sessions.run(who.user.id).await?;
        Ok(Json(SessionListView::new(&sessions, who.session_id)))
    }
}
