use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use crate::api::bearer::AdminBearer;
use crate::api::input::Id;
use crate::api::problem::{Problem, Rejection, refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::api::views::InvitationView;
use crate::domain::{UserId, UserRef};
use crate::usecases::ResendInvitationError;

pub struct ResendInvitation;

#[OpenApi(prefix_path = "/api/v1/invitations", tag = "Tag::Invitations")]
impl ResendInvitation {
    /// Send an invitation again
    ///
    /// Mails a new link with a new expiry. The link of the earlier mail is refused from then on.
    #[oai(path = "/:id/resend", method = "post", operation_id = "resend_invitation")]
    async fn resend_invitation(
        &self,
        service: Service<'_>,
        bearer: AdminBearer,
        /// ID of the invited user
        id: Path<Id>,
    ) -> Result<Json<InvitationView>, Rejection<ResendInvitationError>> {
        let user = UserRef::Id(UserId(id.0.0));
        let sent = service.invitations.resend.run(&user, bearer.0.actor()).await?;
        Ok(Json(InvitationView::from(&sent)))
    }
}

refuse! {
    ResendInvitationError [RegistrationClosed, NotFound, RateLimited] {
        Closed => Problem::registration_closed(),
        NotFound => Problem::no_such_invitation(),
    }
}
