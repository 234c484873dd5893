use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use crate::api::answers::CurrentUser;
use crate::api::bearer::AdminBearer;
use crate::api::input::{JsonBody, input};
use crate::api::precondition::IfMatch;
use crate::api::problem::{Code, Problem, Refusal, Refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{DisplayName, Role, UserId, UserStatus};
use crate::usecases::{Change, UpdateUserError, UserChanges};

pub struct UpdateUser;

input! {
    /// What to change of a user; what is left out stays.
    pub struct UpdateUserBody {
        /// What they are called; null takes the name away
        pub name: Change<DisplayName>,
        /// What they may do
        pub role: Option<Role>,
        /// Whether they may log in; locking ends every session
        pub status: Option<UserStatus>,
    }
}

#[OpenApi(prefix_path = "/api/v1/users", tag = "Tag::Users")]
impl UpdateUser {
    /// Change a user
    #[oai(path = "/:id", method = "patch", operation_id = "update_user")]
    async fn update_user(
        &self,
        service: Service<'_>,
        bearer: AdminBearer,
        /// The user's id
        id: Path<Uuid>,
        /// Change only this version: the `ETag` of an answer before
        #[oai(name = "If-Match")]
        if_match: IfMatch,
        body: JsonBody<UpdateUserBody>,
    ) -> Result<CurrentUser, Refusal<UpdateUserError>> {
        let UpdateUserBody { name, role, status } = body.0;
        let changes = UserChanges { name, role, status };
        let user = service.update_user.run(UserId(id.0), &changes, &if_match.0, bearer.0.actor()).await?;
        Ok(CurrentUser::from(&user))
    }
}

impl Refuse for UpdateUserError {
    const CODES: &'static [Code] = &[Code::NotFound, Code::LastAdmin, Code::PreconditionFailed];

    fn into_problem(self) -> Problem {
        match self {
            Self::NotFound => Problem::new(Code::NotFound, "There is no such user."),
            Self::PreconditionFailed => {
                Problem::new(Code::PreconditionFailed, "The user has changed since. Read it again.")
            }
            Self::LastAdmin => Problem::new(
                Code::LastAdmin,
                "This is the last active administrator. Make another one first.",
            ),
            Self::Failed(failure) => failure.into(),
        }
    }
}
