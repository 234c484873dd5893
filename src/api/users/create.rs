use poem_openapi::OpenApi;

use crate::api::answers::CreatedUser;
use crate::api::bearer::AdminBearer;
use crate::api::input::{JsonBody, input};
use crate::api::middleware::BasePath;
use crate::api::problem::{FieldCode, Problem, Rejection, Violation, refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{DisplayName, Email, Locale, Metadata, NewPassword, Role};
use crate::usecases::{CreateUserError, Credential, NewUser};

pub struct CreateUser;

input! {
    /// The data of a new user. It has either a password, or `invite`.
    pub struct CreateUserBody {
        /// Email address of the user, used to log in
        pub email: Email,
        /// Display name of the user
        pub name: Option<DisplayName>,
        /// Language of mails to the user (BCP 47)
        pub locale: Option<Locale>,
        /// Role of the user, by default `user`
        pub role: Option<Role>,
        /// Password of the user; the rules of registration apply
        pub password: Option<NewPassword>,
        /// Whether to mail an invitation: a link with which the user sets the password
        pub invite: Option<bool>,
        /// Data of applications, which the user can change
        pub metadata: Option<Metadata>,
        /// Data of applications, which only administrators can change
        pub app_metadata: Option<Metadata>,
    }
}

#[OpenApi(prefix_path = "/api/v1/users", tag = "Tag::Users")]
impl CreateUser {
    /// Create a user
    ///
    /// With a password, the user can log in at once, and gets a mail to verify the email address. With
    /// `"invite": true`, the user has no password and gets a mail with a link that sets it, which also
    /// verifies the email address.
    #[oai(path = "/", method = "post", operation_id = "create_user")]
    async fn create_user(
        &self,
        service: Service<'_>,
        bearer: AdminBearer,
        base: BasePath<'_>,
        body: JsonBody<CreateUserBody>,
    ) -> Result<CreatedUser, Rejection<CreateUserError>> {
        let CreateUserBody { email, name, locale, role, password, invite, metadata, app_metadata } = body.0;
        let new = NewUser {
            email,
            name,
            locale,
            metadata: metadata.unwrap_or_default(),
            app_metadata: app_metadata.unwrap_or_default(),
            role: role.unwrap_or(Role::User),
            email_verified: false,
        };
        let credential = credential(password, invite)?;
        let user = service.users.create.run(new, credential, bearer.0.actor()).await?;
        Ok(CreatedUser::new(&user, &base))
    }
}

refuse! {
    CreateUserError [RegistrationClosed, EmailTaken, RateLimited, Overloaded] {
        Closed => Problem::registration_closed(),
        EmailTaken => Problem::email_taken(),
        WeakPassword(weakness) => {
            Problem::wrong_values(vec![Violation::from(weakness).about("password")])
        },
    }
}

fn credential(password: Option<NewPassword>, invite: Option<bool>) -> Result<Credential, Problem> {
    match (password, invite.unwrap_or_default()) {
        (Some(password), false) => Ok(Credential::Password(password)),
        (None, true) => Ok(Credential::Invitation),
        (Some(_), true) => {
            let detail = "an invited user sets the password: omit password, or omit invite";
            Err(Problem::wrong_values(vec![Violation::new(FieldCode::Conflicting, detail).about("invite")]))
        }
        (None, false) => {
            let detail = "this value is required unless invite is true";
            Err(Problem::wrong_values(vec![Violation::new(FieldCode::Missing, detail).about("password")]))
        }
    }
}
