use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use crate::api::answers::CurrentUser;
use crate::api::bearer::AdminBearer;
use crate::api::input::{Id, JsonBody, Replace, input};
use crate::api::precondition::IfMatch;
use crate::api::problem::{Problem, Rejection, Violation, refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{DisplayName, Locale, MetadataPatch, Role, UserId, UserStatus};
use crate::usecases::{Patch, UpdateUserError, UserChanges};

pub struct UpdateUser;

input! {
    /// Changes of a user. Omitted members stay as they are.
    pub struct UpdateUserBody {
        /// Display name of the user; null removes it
        pub name: Patch<DisplayName>,
        /// Language of mails to the user (BCP 47); null removes it
        pub locale: Patch<Locale>,
        /// Role of the user
        pub role: Replace<Role>,
        /// Whether the user can log in; locking ends all sessions of the user
        pub status: Replace<UserStatus>,
        /// Data of applications that only administrators change: a merge patch (RFC 7396); null clears it
        pub app_metadata: Patch<MetadataPatch>,
    }
}

#[OpenApi(prefix_path = "/api/v1/users", tag = "Tag::Users")]
impl UpdateUser {
    /// Update a user
    ///
    /// Changes the members that the body has, and keeps the others. Locking a user ends all their sessions.
    #[oai(path = "/:id", method = "patch", operation_id = "update_user")]
    async fn update_user(
        &self,
        service: Service<'_>,
        bearer: AdminBearer,
        /// ID of the user
        id: Path<Id>,
        /// Update only this version: the `ETag` of an earlier response
        #[oai(name = "If-Match")]
        if_match: IfMatch,
        body: JsonBody<UpdateUserBody>,
    ) -> Result<CurrentUser, Rejection<UpdateUserError>> {
        let UpdateUserBody { name, locale, role, status, app_metadata } = body.0;
        let (role, status) = (role.0, status.0);
        let changes = UserChanges { name, locale, role, status, app_metadata, ..UserChanges::default() };
        let user = service.users.update.run(UserId(id.0.0), &changes, &if_match.0, bearer.0.actor()).await?;
        Ok(CurrentUser::new(&user)?)
    }
}

refuse! {
    UpdateUserError [NotFound, LastAdmin, PreconditionFailed] {
        NotFound => Problem::not_found("user"),
        PreconditionFailed => Problem::has_changed("user"),
        LastAdmin => Problem::last_admin(),
        MetadataTooLong(error) => {
            Problem::wrong_values(vec![Violation::from(error).about("metadata")])
        },
        AppMetadataTooLong(error) => {
            Problem::wrong_values(vec![Violation::from(error).about("app_metadata")])
        },
    }
}
