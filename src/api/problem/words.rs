//! Problems whose words both an endpoint and the documentation use.

use super::code::Code;
use super::field::{FieldCode, Violation};
use super::response::Problem;

/// The detail of a request with cookies and another origin than the allowed ones, with that of the service.
#[must_use]
pub fn foreign_origin(own: &str) -> String {
    format!(
        "A request with cookies needs the header `Origin` with the origin of the service, or with one of those \
         in its setting `server.allowed_origins`. The origin of the service is {own}."
    )
}

/// The detail of a ban of the client address.
pub const ADDRESS_BANNED: &str = "Requests from this IP address are refused.";

impl Problem {
    /// An unknown email address or a wrong password.
    #[must_use]
    pub fn invalid_credentials() -> Self {
        Self::new(Code::InvalidCredentials, "The email address or the password is wrong.")
    }

    /// The access token is not valid.
    #[must_use]
    pub fn invalid_access_token() -> Self {
        Self::new(Code::InvalidToken, "The access token is not valid or has expired.")
    }

    /// The refresh token is not valid.
    #[must_use]
    pub fn invalid_refresh_token() -> Self {
        Self::new(Code::InvalidToken, "The refresh token is not valid.")
    }

    /// A replaced refresh token was presented again.
    #[must_use]
    pub fn token_reused() -> Self {
        let detail = "The refresh token was already used, so the session was ended. Log in again.";
        Self::new(Code::TokenReused, detail)
    }

    /// The user of the token is no administrator.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(Code::Forbidden, "Only administrators may do this.")
    }

    /// The password is correct, and the account is locked.
    #[must_use]
    pub fn account_locked() -> Self {
        Self::new(Code::AccountLocked, "This account is locked. An administrator can unlock it.")
    }

    /// The settings do not let this client create accounts.
    #[must_use]
    pub fn registration_closed() -> Self {
        Self::new(Code::RegistrationClosed, "This service does not let you create accounts.")
    }

    /// Another account has the email address.
    #[must_use]
    pub fn email_taken() -> Self {
        Self::new(Code::EmailTaken, "Another account has this email address.")
    }

    /// The user has no such session.
    #[must_use]
    pub fn no_such_session() -> Self {
        Self::new(Code::NotFound, "You have no session with this ID.")
    }

    /// The user is not invited.
    #[must_use]
    pub fn no_such_invitation() -> Self {
        Self::new(Code::NotFound, "No invited user has this ID.")
    }

    /// An invalid token of an invitation, which only an administrator can mail again.
    #[must_use]
    pub fn invalid_invitation() -> Self {
        let detail = "the token was already used, was replaced by a newer one, was revoked, or has expired";
        Self::wrong_token(
            "This invitation is no longer valid. Ask the person who invited you for another one.",
            detail,
        )
    }

    /// The body is no JSON, or two parsers would read it in two ways.
    #[must_use]
    pub fn malformed_body() -> Self {
        let detail = "The request body is not valid JSON, or it contains a member twice.";
        Self::new(Code::MalformedRequest, detail)
    }

    /// The request does not name exactly one host.
    #[must_use]
    pub fn malformed_host() -> Self {
        let detail =
            "Name the host once: in the header `Host`, in `:authority`, or in both with the same value.";
        Self::new(Code::MalformedRequest, detail)
    }

    /// The body has another media type or is compressed.
    #[must_use]
    pub fn unsupported_media_type() -> Self {
        Self::new(Code::UnsupportedMediaType, "Send `Content-Type: application/json`.")
    }

    /// The body has more than this number of bytes.
    #[must_use]
    pub fn payload_too_large(most: usize) -> Self {
        Self::new(Code::PayloadTooLarge, format!("Send a request body of at most {most} bytes."))
    }

    /// The head has more than this number of fields or bytes.
    #[must_use]
    pub fn headers_too_large(fields: usize, bytes: usize) -> Self {
        let detail = format!("Send at most {fields} header fields with {bytes} bytes in total.");
        Self::new(Code::HeadersTooLarge, detail)
    }

    /// More passwords are waiting than can be hashed in time.
    #[must_use]
    pub fn too_many_log_ins() -> Self {
        let detail = "There are too many log-ins at the moment. Try again in a moment.";
        Self::new(Code::Overloaded, detail)
    }
}

impl Violation {
    /// The violation of a query parameter that the operation does not have, with the names that it has.
    #[must_use]
    pub fn unknown_parameter(known: &[String]) -> Self {
        if known.is_empty() {
            let detail = "unknown parameter: this operation has no query parameters";
            return Self::new(FieldCode::Unknown, detail);
        }
        Self::new(FieldCode::Unknown, format!("unknown parameter: expected one of {}", known.join(", ")))
    }
}
