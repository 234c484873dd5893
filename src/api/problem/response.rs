use std::borrow::Cow;
use std::num::NonZeroU32;

use poem::http::header::{ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use poem::http::{HeaderValue, StatusCode};
use poem::{Body, Response};
use serde::Serialize;

use super::code::Code;
use super::field::{FieldCode, FieldError, Violation};
use super::rate_limit;
use crate::api::kind::Kind;
use crate::ports::{Banned, RateLimited};

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";
/// How long a client should wait after a 503, in seconds.
const RETRY_AFTER_SECONDS: &str = "1";

/// The most violations in a response. A request can have thousands, and each of them takes many times its own
/// bytes to report.
pub const MOST_ERRORS: usize = 20;

/// An error response.
#[derive(Debug, thiserror::Error)]
#[error("{}", .code.as_str())]
pub struct Problem {
    code: Code,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    challenge: &'static str,
    allow: Option<HeaderValue>,
    limited: Option<Box<RateLimited>>,
    /// In seconds.
    retry_after: Option<NonZeroU32>,
    closes: bool,
}

/// The members, in the order for readers.
#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
}

impl Problem {
    /// A problem with a sentence about this occurrence, for people. A 401 states that the token is invalid,
    /// unless it is about a password (RFC 6750, section 3.1).
    #[must_use]
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        let challenge = match code {
            Code::InvalidCredentials => "Bearer",
            _ => r#"Bearer error="invalid_token""#,
        };
        let (errors, allow, limited, retry_after) = (Vec::new(), None, None, None);
        Self { code, detail: detail.into(), errors, challenge, allow, limited, retry_after, closes: false }
    }

    /// No access token was sent, so the challenge names no error (RFC 6750, section 3.1).
    #[must_use]
    pub fn unauthenticated() -> Self {
        let detail = "Send an access token, in the header `Authorization: Bearer …` or in its cookie.";
        Self { challenge: "Bearer", ..Self::new(Code::InvalidToken, detail) }
    }

    /// No refresh token was sent, neither in a body nor in a cookie.
    #[must_use]
    pub fn no_refresh_token() -> Self {
        let detail = "No refresh token was sent, neither in a body nor in a cookie. Log in again.";
        Self { challenge: "Bearer", ..Self::new(Code::InvalidToken, detail) }
    }

    /// The violations of a request, up to [`MOST_ERRORS`] of them. People do not type cursors, so an invalid
    /// one makes the request malformed. An object that is too large, with nothing else wrong, is 413: a
    /// schema cannot express its size, and 422 is for values that the schema forbids.
    #[must_use]
    pub fn wrong_values(mut errors: Vec<FieldError>) -> Self {
        let code = if errors.iter().any(|error| error.code == FieldCode::BadCursor) {
            Code::MalformedRequest
        } else if errors.iter().all(|error| error.code == FieldCode::TooLarge) {
            Code::PayloadTooLarge
        } else {
            Code::ValidationFailed
        };
        let all = errors.len();
        errors.truncate(MOST_ERRORS);
        let detail = if code == Code::PayloadTooLarge {
            Cow::Borrowed("The data is larger than its limit. See `errors` for the limit.")
        } else if all > MOST_ERRORS {
            format!("More than {MOST_ERRORS} values are invalid. See `errors` for the first of them.").into()
        } else {
            Cow::Borrowed("Some values are invalid. See `errors` for each of them.")
        };
        Self { errors, ..Self::new(code, detail) }
    }

    /// An invalid mailed token. It is a value in a body and does not authenticate, so the status is not 401,
    /// which would request another authentication.
    #[must_use]
    pub fn invalid_mailed_token() -> Self {
        let detail =
            "the token was already used, was replaced by a newer one, or has expired: request another mail";
        Self::wrong_token("This link is no longer valid. Request another mail.", detail)
    }

    /// An invalid token in a body, with a sentence for people and the reasons.
    pub(super) fn wrong_token(sentence: &'static str, reasons: &'static str) -> Self {
        let errors = vec![Violation::new(FieldCode::InvalidToken, reasons).about("token")];
        Self { errors, ..Self::new(Code::ValidationFailed, sentence) }
    }

    /// The member is not the password of the account. The access token is valid, so the status is not 401,
    /// at which clients refresh or discard their tokens.
    #[must_use]
    pub fn wrong_password(member: &str) -> Self {
        let detail = "this is not the password of the account";
        Self::wrong_values(vec![Violation::new(FieldCode::WrongPassword, detail).about(member)])
    }

    /// The route exists with other methods, which `allow` lists (RFC 9110, section 10.2.1).
    #[must_use]
    pub fn method_not_allowed(allow: HeaderValue) -> Self {
        let detail = "The header `Allow` lists the allowed methods.";
        Self { allow: Some(allow), ..Self::new(Code::MethodNotAllowed, detail) }
    }

    /// The session of the token was revoked.
    #[must_use]
    pub fn session_revoked() -> Self {
        Self::new(Code::SessionRevoked, "The session was ended. Log in again.")
    }

    /// The settings no longer have the audience of the session.
    #[must_use]
    pub fn audience_not_served() -> Self {
        let detail =
            "Access tokens are no longer issued for the service that the session is for. Log in again.";
        Self::new(Code::SessionRevoked, detail)
    }

    /// The session of the token has expired.
    #[must_use]
    pub fn session_expired() -> Self {
        Self::new(Code::SessionExpired, "The session has expired. Log in again.")
    }

    /// No entity of this kind has the id, such as "user".
    #[must_use]
    pub fn not_found(entity: &str) -> Self {
        Self::new(Code::NotFound, format!("No {entity} has this ID."))
    }

    /// The entity has another version than the precondition requires.
    #[must_use]
    pub fn has_changed(entity: &str) -> Self {
        let detail = format!("The {entity} has changed in the meantime. Read the {entity} again.");
        Self::new(Code::PreconditionFailed, detail)
    }

    /// The user is the last active administrator.
    #[must_use]
    pub fn last_admin() -> Self {
        Self::new(
            Code::LastAdmin,
            "This is the last active administrator. Make another user an administrator first.",
        )
    }

    /// A dependency is unreachable or took too long.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::new(Code::Unavailable, "The request could not be completed now. Try again in a moment.")
    }

    /// A rate limit was reached. The text is the same whether or not there is an account.
    #[must_use]
    pub fn rate_limited(limited: RateLimited) -> Self {
        let detail = rate_limit::detail(limited.retry_after);
        Self { limited: Some(Box::new(limited)), ..Self::new(Code::RateLimited, detail) }
    }

    /// A ban applies. The response contains its end, if it has one, but not its reason.
    #[must_use]
    pub fn banned(detail: &'static str, banned: Banned) -> Self {
        let seconds = banned.retry_after.map(rate_limit::whole_seconds);
        let retry_after =
            seconds.and_then(|seconds| NonZeroU32::new(u32::try_from(seconds).unwrap_or(u32::MAX)));
        Self { retry_after, ..Self::new(Code::Banned, detail) }
    }

    /// The body did not arrive in time. The rest of it is not read, so the connection is closed (RFC 9110,
    /// section 15.5.9).
    #[must_use]
    pub fn request_timeout() -> Self {
        Self::new(Code::RequestTimeout, "The request body did not arrive in time. Send the request again.")
            .closing()
    }

    /// Closes the connection after the response, because the start of the next request is uncertain.
    #[must_use]
    pub fn closing(self) -> Self {
        Self { closes: true, ..self }
    }

    /// More work is waiting than the service can do now.
    #[must_use]
    pub fn overloaded() -> Self {
        Self::new(Code::Overloaded, "There are too many requests at the moment. Try again in a moment.")
    }

    /// An error in the service. The log contains its cause, under the request id.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            Code::Internal,
            "The service failed unexpectedly. Its log has the details under the request ID.",
        )
    }

    /// The document in the answer to the request with this id.
    pub(in crate::api) fn document<'a>(&'a self, request_id: &'a str) -> impl Serialize + 'a {
        Document {
            r#type: self.code.type_uri(),
            title: self.code.title(),
            status: self.code.status().as_u16(),
            detail: &self.detail,
            code: self.code.as_str(),
            request_id,
            errors: &self.errors,
        }
    }

    /// The response to the request with this id.
    #[must_use]
    pub fn into_response(self, request_id: &str) -> Response {
        let body = serde_json::to_vec(&self.document(request_id)).unwrap_or_default();
        let mut response = Response::builder()
            .status(self.code.status())
            .header(CONTENT_TYPE, PROBLEM_JSON)
            .header(CACHE_CONTROL, "no-store")
            .body(Body::from_vec(body));
        let headers = response.headers_mut();
        if self.code.status() == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(self.challenge));
        }
        if self.code.status() == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECONDS));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds.get()));
        }
        if let Some(limited) = &self.limited {
            rate_limit::add(limited, headers);
        }
        if let Some(allow) = self.allow {
            headers.insert(ALLOW, allow);
        }
        if self.closes {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response.set_data(Kind::Problem);
        response.set_data(self.code);
        response
    }
}

/// Extractors and middleware fail with a problem as their error. The catch-all converts it to the response.
impl From<Problem> for poem::Error {
    fn from(problem: Problem) -> Self {
        let status = problem.code.status();
        Self::new(problem, status)
    }
}
