use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use crate::api::bearer::AdminBearer;
use crate::api::input::{Checked, Cursor, Id, Limit, checked};
use crate::api::problem::Rejection;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::api::views::SessionPageView;
use crate::domain::{SessionId, UserId};
use crate::usecases::ShowUserError;

pub struct ListUserSessions;

#[OpenApi(prefix_path = "/api/v1/users", tag = "Tag::Sessions")]
impl ListUserSessions {
    /// List a user's sessions
    ///
    /// Returns the active sessions of the user in pages, newest first.
    #[oai(path = "/:id/sessions", method = "get", operation_id = "list_user_sessions")]
    async fn list_user_sessions(
        &self,
        service: Service<'_>,
        bearer: AdminBearer,
        /// ID of the user
        id: Path<Id>,
        /// Maximum number of sessions per page
        limit: Checked<Limit>,
        /// The `next_cursor` of the previous page
        cursor: Checked<Cursor>,
    ) -> Result<Json<SessionPageView>, Rejection<ShowUserError>> {
        let (limit, cursor) = checked!(limit, cursor)?;
        let (user, after) =
            (service.users.show.run(UserId(id.0.0)).await?, cursor.map(|Cursor(id)| SessionId(id)));
        let page = service.sessions.list.run(user.id, after, limit.unwrap_or_default().get()).await;
        let page = page.map_err(ShowUserError::Failed)?;
        Ok(Json(SessionPageView::new(&page, bearer.0.session_id)))
    }
}
