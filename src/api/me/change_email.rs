use poem_openapi::OpenApi;

use crate::api::answers::Accepted;
use crate::api::bearer::Bearer;
use crate::api::input::{AcceptedLanguage, JsonBody, input};
use crate::api::problem::{FieldCode, Problem, Rejection, Violation, refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{Email, Password};
use crate::usecases::ChangeEmailError;

pub struct ChangeEmail;

input! {
    /// The new email address, and the password of the account.
    pub struct ChangeEmailBody {
        /// The new email address
        pub new_email: Email,
        /// The current password
        pub password: Password,
    }
}

#[OpenApi(prefix_path = "/api/v1/users/me", tag = "Tag::Me")]
impl ChangeEmail {
    /// Change my email address
    ///
    /// Sends a mail to the new email address. The change takes effect when `verify_email` receives the token
    /// of the mail. The response is the same whether or not another account has the address. A second request
    /// within a minute sends no mail.
    #[oai(path = "/email", method = "post", operation_id = "change_email")]
    async fn change_email(
        &self,
        service: Service<'_>,
        bearer: Bearer,
        accepted: AcceptedLanguage,
        body: JsonBody<ChangeEmailBody>,
    ) -> Result<Accepted, Rejection<ChangeEmailError>> {
        let ChangeEmailBody { new_email, password } = body.0;
        service.me.change_email.run(&bearer.0, new_email, &password, accepted.0).await?;
        Ok(Accepted::Accepted)
    }
}

refuse! {
    ChangeEmailError [RateLimited, Overloaded] {
        WrongPassword => Problem::wrong_password("password"),
        Deleted => Problem::invalid_access_token(),
        Unchanged => {
            let violation =
                Violation::new(FieldCode::Unchanged, "this already is the email address of the account");
            Problem::wrong_values(vec![violation.about("new_email")])
        },
    }
}
