use poem_openapi::OpenApi;

use crate::api::answers::Accepted;
use crate::api::bearer::Bearer;
use crate::api::input::{JsonBody, input};
use crate::api::problem::{Code, Complaint, FieldCode, Problem, Refusal, Refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{Email, Password};
use crate::usecases::ChangeEmailError;

pub struct ChangeEmail;

input! {
    /// The address that somebody wants, and what shows that it is really they who ask.
    pub struct ChangeEmailBody {
        /// The address that they want
        pub new_email: Email,
        /// The current password
        pub password: Password,
    }
}

#[OpenApi(prefix_path = "/api/v1/users/me", tag = "Tag::Me")]
impl ChangeEmail {
    /// Patch my address
    ///
    /// Sends a mail to the new address; the change takes effect when its token is given to `verify_email`. The answer is the
    /// same whether or not somebody has that address. The same again within a minute sends no second mail.
    #[oai(path = "/email", method = "post", operation_id = "change_email")]
    async fn change_email(
        &self,
        service: Service<'_>,
        bearer: Bearer,
        body: JsonBody<ChangeEmailBody>,
    ) -> Result<Accepted, Refusal<ChangeEmailError>> {
        let ChangeEmailBody { new_email, password } = body.0;
        service.change_email.run(&bearer.0, new_email, &password).await?;
        Ok(Accepted::Accepted)
    }
}

impl Refuse for ChangeEmailError {
    const CODES: &'static [Code] = &[Code::InvalidCredentials, Code::RateLimited, Code::Overloaded];

    fn into_problem(self) -> Problem {
        match self {
            Self::InvalidCredentials => Problem::new(Code::InvalidCredentials, "The password is wrong."),
            Self::Unchanged => {
                let complaint = Complaint::new(FieldCode::Unchanged, "this is the account's address already");
                Problem::wrong_values(vec![complaint.about("new_email")])
            }
            Self::Failed(failure) => failure.into(),
        }
    }
}
