use poem_openapi::OpenApi;

use crate::api::answers::CurrentUser;
use crate::api::bearer::Bearer;
use crate::api::input::{JsonBody, input};
use crate::api::precondition::IfMatch;
use crate::api::problem::{Code, Problem, Refuse, Rejection};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{DisplayName, Locale, MetadataPatch};
use crate::usecases::{Patch, UpdateUserError, UserChanges};

pub struct UpdateMe;

input! {
    /// Changes of the account. Omitted members stay as they are.
    pub struct UpdateMeBody {
        /// Display name of the user; null removes it
        pub name: Patch<DisplayName>,
        /// Language of mails to the user (BCP 47); null removes it
        pub locale: Patch<Locale>,
        /// Data of applications: a merge patch (RFC 7396); null clears it
        pub metadata: Patch<MetadataPatch>,
    }
}

#[OpenApi(prefix_path = "/api/v1/users/me", tag = "Tag::Me")]
impl UpdateMe {
    /// Update my account
    ///
    /// Changes the members that the body has, and keeps the others.
    #[oai(path = "/", method = "patch", operation_id = "update_me")]
    async fn update_me(
        &self,
        service: Service<'_>,
        bearer: Bearer,
        /// Update only this version: the `ETag` of an earlier response
        #[oai(name = "If-Match")]
        if_match: IfMatch,
        body: JsonBody<UpdateMeBody>,
    ) -> Result<CurrentUser, Rejection<UpdateMeError>> {
        let who = bearer.0;
        let UpdateMeBody { name, locale, metadata } = body.0;
        let changes = UserChanges { name, locale, metadata, ..UserChanges::default() };
        let user = service.users.update.run(who.user.id, &changes, &if_match.0, who.actor()).await;
        Ok(CurrentUser::new(&user.map_err(UpdateMeError)?)?)
    }
}

/// Has fewer codes than the change by an administrator, because it cannot change a role or a status.
pub struct UpdateMeError(UpdateUserError);

impl Refuse for UpdateMeError {
    const CODES: &'static [Code] = &[Code::NotFound, Code::PreconditionFailed];

    fn into_problem(self) -> Problem {
        self.0.into_problem()
    }
}
