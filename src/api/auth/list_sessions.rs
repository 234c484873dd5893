use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use crate::api::bearer::Bearer;
use crate::api::input::{Checked, Cursor, Limit, checked};
use crate::api::problem::Rejection;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::api::views::SessionPageView;
use crate::domain::SessionId;
use crate::usecases::Failure;

pub struct ListSessions;

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Sessions")]
impl ListSessions {
    /// List my sessions
    ///
    /// Returns the active sessions of the user in pages, newest first. The current session is marked.
    #[oai(path = "/sessions", method = "get", operation_id = "list_sessions")]
    async fn list_sessions(
        &self,
        service: Service<'_>,
        bearer: Bearer,
        /// Maximum number of sessions per page
        limit: Checked<Limit>,
        /// The `next_cursor` of the previous page
        cursor: Checked<Cursor>,
    ) -> Result<Json<SessionPageView>, Rejection<Failure>> {
        let (limit, cursor) = checked!(limit, cursor)?;
        let (who, after) = (bearer.0, cursor.map(|Cursor(id)| SessionId(id)));
        let page = service.sessions.list.run(who.user.id, after, limit.unwrap_or_default().get()).await?;
        Ok(Json(SessionPageView::new(&page, who.session_id)))
    }
}
