use poem_openapi::{ApiResponse, OpenApi};

use crate::api::input::{JsonBody, input};
use crate::api::problem::{Code, Complaint, Problem, Refusal, Refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::api::views::{Shown, UserView};
use crate::domain::{Client, DisplayName, Email, NewPassword};
use crate::usecases::{RegisterError, Registration};

pub struct Register;

input! {
    /// What somebody gives to register.
    pub struct RegisterBody {
        /// Where they are reached; they log in with it
        pub email: Email,
        /// What they will log in with: not short, not among the commonest passwords, not the address itself
        pub password: NewPassword,
        /// What they want to be called
        pub name: Option<DisplayName>,
    }
}

#[derive(ApiResponse)]
pub enum Registered {
    /// The new user
    #[oai(status = 201)]
    Registered(
        Shown<UserView>,
        /// Where the user is found
        #[oai(header = "Location")]
        String,
    ),
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Auth")]
impl Register {
    /// Register
    ///
    /// Makes an account. Addresses that differ by case or by Unicode variants are one address.
    #[oai(path = "/register", method = "post", operation_id = "register")]
    async fn register(
        &self,
        service: Service<'_>,
        client: Client,
        body: JsonBody<RegisterBody>,
    ) -> Result<Registered, Refusal<RegisterError>> {
        let RegisterBody { email, password, name } = body.0;
        let registration = Registration::of_visitor(client.address, email, password, name);
        let user = service.register.run(registration).await?;
        Ok(Registered::Registered(Shown(UserView::from(&user)), format!("/api/v1/users/{}", user.id)))
    }
}

impl Refuse for RegisterError {
    const CODES: &'static [Code] = &[Code::EmailTaken, Code::RateLimited, Code::Overloaded];

    fn into_problem(self) -> Problem {
        match self {
            Self::EmailTaken => Problem::new(Code::EmailTaken, "Another account has this address."),
            Self::WeakPassword(weakness) => {
                Problem::wrong_values(vec![Complaint::from(weakness).about("password")])
            }
            Self::Failed(failure) => failure.into(),
        }
    }
}
