use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use crate::api::bearer::AdminBearer;
use crate::api::input::{Checked, Cursor, Limit, checked};
use crate::api::problem::Rejection;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::api::views::InvitationPageView;
use crate::domain::UserId;
use crate::usecases::Failure;

pub struct ListInvitations;

#[OpenApi(prefix_path = "/api/v1/invitations", tag = "Tag::Invitations")]
impl ListInvitations {
    /// List invitations
    ///
    /// Returns the invitations that were not accepted yet in pages, also those that have expired, in the
    /// order in which their users were created.
    #[oai(path = "/", method = "get", operation_id = "list_invitations")]
    async fn list_invitations(
        &self,
        service: Service<'_>,
        _bearer: AdminBearer,
        /// Maximum number of invitations per page
        limit: Checked<Limit>,
        /// The `next_cursor` of the previous page
        cursor: Checked<Cursor>,
    ) -> Result<Json<InvitationPageView>, Rejection<Failure>> {
        let (limit, cursor) = checked!(limit, cursor)?;
        let after = cursor.map(|Cursor(id)| UserId(id));
        let page = service.invitations.list.run(after, limit.unwrap_or_default().get()).await?;
        Ok(Json(InvitationPageView::from(&page)))
    }
}
