use poem_openapi::OpenApi;

use crate::api::answers::RegisteredUser;
use crate::api::input::{AcceptedLanguage, JsonBody, input};
use crate::api::middleware::BasePath;
use crate::api::problem::Rejection;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{Client, DisplayName, Email, Locale, Metadata, NewPassword};
use crate::usecases::{CreateUserError, Registration};

pub struct Register;

input! {
    /// The data of a new user.
    pub struct RegisterBody {
        /// Email address of the user, used to log in
        pub email: Email,
        /// Password of the user: not too short, not a common password, and not the email address
        pub password: NewPassword,
        /// Display name of the user
        pub name: Option<DisplayName>,
        /// Language of mails to the user (BCP 47). Without it, `Accept-Language` decides
        pub locale: Option<Locale>,
        /// Data of applications
        pub metadata: Option<Metadata>,
    }
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Auth")]
impl Register {
    /// Register
    ///
    /// Creates a user. Email addresses that differ only in case or in their Unicode form are the same
    /// address.
    ///
    /// With the setting `registration.reveal_existing = false`, the answer is 202 for every address, and
    /// shows nothing about it: the user is created some seconds later, and can log in once the email address
    /// is verified; the owner of an address that has an account gets a notice by mail.
    #[oai(path = "/register", method = "post", operation_id = "register")]
    async fn register(
        &self,
        service: Service<'_>,
        client: Client,
        base: BasePath<'_>,
        accepted: AcceptedLanguage,
        body: JsonBody<RegisterBody>,
    ) -> Result<RegisteredUser, Rejection<CreateUserError>> {
        let RegisterBody { email, password, name, locale, metadata } = body.0;
        let (locale, metadata) = (locale.or(accepted.0), metadata.unwrap_or_default());
        let registration = Registration { email, password, name, locale, metadata };
        let registered = service.auth.register.run(client.address, registration).await?;
        Ok(RegisteredUser::new(&registered, &base))
    }
}
