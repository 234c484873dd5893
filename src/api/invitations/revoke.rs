use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use crate::api::answers::Done;
use crate::api::bearer::AdminBearer;
use crate::api::input::Id;
use crate::api::problem::{Problem, Rejection, refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{UserId, UserRef};
use crate::usecases::RevokeInvitationError;

pub struct RevokeInvitation;

#[OpenApi(prefix_path = "/api/v1/invitations", tag = "Tag::Invitations")]
impl RevokeInvitation {
    /// Revoke an invitation
    ///
    /// Deletes the invitation and its account, which was never used. The link of the mail is refused from
    /// then on, and the email address can be invited again.
    #[oai(path = "/:id", method = "delete", operation_id = "revoke_invitation")]
    async fn revoke_invitation(
        &self,
        service: Service<'_>,
        bearer: AdminBearer,
        /// ID of the invited user
        id: Path<Id>,
    ) -> Result<Done, Rejection<RevokeInvitationError>> {
        let user = UserRef::Id(UserId(id.0.0));
        service.invitations.revoke.run(&user, bearer.0.actor()).await?;
        Ok(Done::Done)
    }
}

refuse! {
    RevokeInvitationError [NotFound] {
        NotFound => Problem::no_such_invitation(),
    }
}
