//! Success responses that several endpoints share.

use poem::IntoResponse;
use poem_openapi::ApiResponse;
use poem_openapi::payload::{Json, Payload};

use super::middleware::BasePath;
use super::precondition::etag;
use super::problem::Problem;
use super::views::{Shown, TokenPairView, UserView, Written};
use crate::domain::User;
use crate::ports::Memo;
use crate::usecases::Registered;

/// It is done, and there is nothing to show.
#[derive(ApiResponse)]
pub enum Done {
    /// Done
    #[oai(status = 204)]
    Done,
}

/// It is noted, and what comes of it comes later.
#[derive(ApiResponse)]
pub enum Accepted {
    /// Accepted
    #[oai(status = 202)]
    Accepted,
}

/// A new pair of tokens.
#[derive(ApiResponse)]
pub enum Tokens {
    /// The tokens
    #[oai(status = 200)]
    Tokens(Json<TokenPairView>),
    /// The tokens are in cookies (transport `cookie`)
    #[oai(status = 204)]
    Cookies,
}

/// An object that was created.
#[derive(ApiResponse)]
pub enum Created<P: Payload + IntoResponse> {
    /// The new object
    #[oai(status = 201)]
    Created(
        P,
        /// Path of the new object
        #[oai(header = "Location")]
        String,
        /// Version of the object, for `If-Match`
        #[oai(header = "ETag")]
        String,
    ),
}

/// An object with the version that it has now.
#[derive(ApiResponse)]
pub enum Current<P: Payload + IntoResponse> {
    /// The object
    #[oai(status = 200)]
    Current(
        P,
        /// Version of the object, for `If-Match`
        #[oai(header = "ETag")]
        String,
    ),
}

pub type CreatedUser = Created<Shown<UserView>>;
pub type CurrentUser = Current<Written<UserView>>;

impl CreatedUser {
    /// A new user of the service below a base path.
    pub fn new(user: &User, base: &BasePath<'_>) -> Self {
        let path = format!("{}/api/v1/users/{}", base.0, user.id);
        Self::Created(Shown(user.into()), path, etag(user.version))
    }
}

impl CurrentUser {
    /// The answer for a user.
    pub fn new(user: &User) -> Result<Self, Problem> {
        Ok(Self::Current(Written::new(&user.into())?, etag(user.version)))
    }

    /// The answer for a cached user. It is written once for each copy, as long as the copy is kept: a user
    /// that changed is another copy.
    pub fn cached(user: &Memo<User>) -> Result<Self, Problem> {
        let written = user.derived(|user| Written::new(&user.into()).ok()).ok_or_else(Problem::internal)?;
        Ok(Self::Current(written, etag(user.version)))
    }
}

/// The answer to a registration.
#[derive(ApiResponse)]
#[expect(
    clippy::large_enum_variant,
    reason = "an answer is moved a few times, and a payload cannot be boxed"
)]
pub enum RegisteredUser {
    /// The new user
    #[oai(status = 201)]
    Created(
        Shown<UserView>,
        /// Path of the new user
        #[oai(header = "Location")]
        String,
        /// Version of the user, for `If-Match`
        #[oai(header = "ETag")]
        String,
    ),
    /// Accepted; a mail says more (`registration.reveal_existing = false`)
    #[oai(status = 202)]
    Accepted,
}

impl RegisteredUser {
    /// The answer of the service below a base path.
    pub fn new(registered: &Registered, base: &BasePath<'_>) -> Self {
        match registered {
            Registered::Created(user) => {
                let CreatedUser::Created(user, path, etag) = CreatedUser::new(user, base);
                Self::Created(user, path, etag)
            }
            Registered::Requested => Self::Accepted,
        }
    }
}
