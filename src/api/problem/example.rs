use std::time::Duration;

use poem::http::HeaderValue;

use super::code::Code;
use super::field::Violation;
use super::rate_limit;
use super::response::Problem;
use super::words::{ADDRESS_BANNED, foreign_origin};
use crate::api::budget::{MOST_FIELDS, SERVED_HEAD};
use crate::ports::Banned;

/// What the example of a problem depends on.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The id of the operation.
    pub operation: &'a str,
    /// The origin of the service.
    pub origin: &'a str,
    /// The largest body, in bytes.
    pub body_bytes: usize,
    /// Whether the operation takes an access token.
    pub takes_access_token: bool,
    /// The names of its query parameters.
    pub parameters: &'a [String],
    /// Whether it has a body.
    pub has_body: bool,
    /// The first required member of the body.
    pub required: Option<&'a str>,
}

impl Occasion<'_> {
    /// The entity that the operation is about: the words behind the verb in its id, such as `update_note`.
    fn entity(&self) -> &str {
        match self.operation.split_once('_').map(|(_, entity)| entity) {
            // The account of the user, all its sessions, or the sessions of another user.
            None | Some("me" | "out_all" | "user_sessions") => "user",
            Some(entity) => entity,
        }
    }
}

impl Problem {
    /// The occurrences for the documentation of an operation, each with a name, in the words in which the
    /// operation answers them.
    pub fn examples(code: Code, occasion: Occasion<'_>) -> impl Iterator<Item = (&'static str, Self)> {
        let other = match code {
            Code::InvalidToken if occasion.takes_access_token => Some(("no_token", Self::unauthenticated())),
            Code::InvalidToken => Some(("no_token", Self::no_refresh_token())),
            Code::SessionRevoked if occasion.operation == "refresh" => {
                Some(("removed_audience", Self::audience_not_served()))
            }
            Code::ValidationFailed if occasion.required == Some("token") => {
                Some(("used_token", Self::invalid_mailed_token()))
            }
            _ => None,
        };
        std::iter::once((code.as_str(), Self::example(code, occasion))).chain(other)
    }

    fn example(code: Code, occasion: Occasion<'_>) -> Self {
        match code {
            Code::MalformedRequest if occasion.has_body => Self::malformed_body(),
            Code::MalformedRequest => Self::malformed_host(),
            Code::InvalidCredentials => Self::invalid_credentials(),
            Code::InvalidToken if occasion.takes_access_token => Self::invalid_access_token(),
            Code::InvalidToken => Self::invalid_refresh_token(),
            Code::TokenReused => Self::token_reused(),
            Code::SessionRevoked => Self::session_revoked(),
            Code::SessionExpired => Self::session_expired(),
            Code::Forbidden => Self::forbidden(),
            Code::ForeignOrigin => Self::new(code, foreign_origin(occasion.origin)),
            Code::AccountLocked => Self::account_locked(),
            Code::RegistrationClosed => Self::registration_closed(),
            Code::Banned => Self::banned(ADDRESS_BANNED, Banned { retry_after: None }),
            Code::NotFound if occasion.operation == "revoke_session" => Self::no_such_session(),
            Code::NotFound if occasion.operation.ends_with("_invitation") => Self::no_such_invitation(),
            Code::NotFound => Self::not_found(occasion.entity()),
            Code::MethodNotAllowed => Self::method_not_allowed(HeaderValue::from_static("GET, HEAD")),
            Code::RequestTimeout => Self::request_timeout(),
            Code::EmailTaken => Self::email_taken(),
            Code::LastAdmin => Self::last_admin(),
            Code::PreconditionFailed => Self::has_changed(occasion.entity()),
            Code::PayloadTooLarge => Self::payload_too_large(occasion.body_bytes),
            Code::UnsupportedMediaType => Self::unsupported_media_type(),
            Code::ValidationFailed => Self::wrong_values(vec![match occasion.required {
                Some(member) => Violation::missing().about(member),
                None if occasion.has_body => Violation::unknown_member().about("nickname"),
                None => Violation::unknown_parameter(occasion.parameters).about("page"),
            }]),
            Code::RateLimited => Self::new(code, rate_limit::detail(Duration::from_secs(30))),
            Code::HeadersTooLarge => Self::headers_too_large(MOST_FIELDS, SERVED_HEAD),
            Code::Internal => Self::internal(),
            Code::Overloaded => Self::overloaded(),
            Code::Unavailable if occasion.operation.starts_with("health") => {
                Self::new(code, "Not ready. database: down.")
            }
            Code::Unavailable => Self::unavailable(),
        }
    }
}
