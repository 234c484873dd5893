use poem_openapi::OpenApi;

use crate::api::bearer::AdminBearer;
use crate::api::input::{Checked, Cursor, Limit, checked};
use crate::api::problem::Rejection;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::api::views::{Shown, UserPageView};
use crate::domain::{Email, Role, UserId, UserStatus};
use crate::ports::store::UserFilter;
use crate::usecases::{Failure, PageRequest};

pub struct ListUsers;

#[OpenApi(prefix_path = "/api/v1/users", tag = "Tag::Users")]
impl ListUsers {
    /// List users
    ///
    /// Returns users in pages, in the order of their registration. All given filters must match.
    #[oai(path = "/", method = "get", operation_id = "list_users")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the HTTP operation")]
    async fn list_users(
        &self,
        service: Service<'_>,
        _bearer: AdminBearer,
        /// Maximum number of users per page
        limit: Checked<Limit>,
        /// The `next_cursor` of the previous page
        cursor: Checked<Cursor>,
        /// Only the user with this email address
        email: Checked<Email>,
        /// Only users with this role
        role: Checked<Role>,
        /// Only users with this status
        status: Checked<UserStatus>,
    ) -> Result<Shown<UserPageView>, Rejection<Failure>> {
        let (limit, cursor, email, role, status) = checked!(limit, cursor, email, role, status)?;
        let filter = UserFilter { email, role, status };
        let after = cursor.map(|Cursor(id)| UserId(id));
        let page = service
            .users
            .list
            .run(&PageRequest { filter, after, limit: limit.unwrap_or_default().get() })
            .await?;
        Ok(Shown(UserPageView::from(&page)))
    }
}
