use poem::http::StatusCode;

use crate::domain::words;

/// Declares each code in one line: its word, its status and its title.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $word:literal, $status:ident, $title:literal;)+) => {
        words! {
            /// The code of a problem. Clients may branch on it; a code never changes its meaning or its
            /// status.
            #[derive(PartialOrd, Ord)]
            pub enum Code {
                $($(#[doc = $doc])+ $variant = $word,)+
            }
        }

        impl Code {
            /// The status of the response.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),+ }
            }

            /// The title, the same for every occurrence (RFC 9457, section 3.1.3).
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }
        }
    };
}

codes! {
    /// Invalid JSON, no body, a duplicate member, an invalid cursor, two credentials, or not exactly one
    /// host.
    MalformedRequest = "malformed_request", BAD_REQUEST, "The request is malformed";
    /// An unknown email address or a wrong password. Which of the two is not disclosed.
    InvalidCredentials = "invalid_credentials", UNAUTHORIZED, "The email address or the password is wrong";
    /// No token was sent, or it is not valid.
    InvalidToken = "invalid_token", UNAUTHORIZED, "A valid token is required";
    /// The refresh token was reused. Its session was revoked.
    TokenReused = "token_reused", UNAUTHORIZED, "The refresh token was already used";
    /// The session was revoked.
    SessionRevoked = "session_revoked", UNAUTHORIZED, "The session was ended";
    /// The session has expired.
    SessionExpired = "session_expired", UNAUTHORIZED, "The session has expired";
    /// The client is authenticated but lacks the right.
    Forbidden = "forbidden", FORBIDDEN, "Access is denied";
    /// A request with cookies does not come from a page that may use them.
    ForeignOrigin = "foreign_origin", FORBIDDEN, "The page may not use cookies";
    /// The password is correct, but the user is locked.
    AccountLocked = "account_locked", FORBIDDEN, "The account is locked";
    /// The settings do not let this client create accounts.
    RegistrationClosed = "registration_closed", FORBIDDEN, "Registration is closed";
    /// The client address or the user is banned. The reason is not disclosed.
    Banned = "banned", FORBIDDEN, "The client or the account is banned";
    /// No such route or resource.
    NotFound = "not_found", NOT_FOUND, "The resource was not found";
    /// The route exists with other methods.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "The method is not allowed";
    /// The body did not arrive in time.
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT, "The request body took too long to arrive";
    /// Another user has the email address.
    EmailTaken = "email_taken", CONFLICT, "The email address is already in use";
    /// The user is the last active administrator.
    LastAdmin = "last_admin", CONFLICT, "The last administrator cannot be removed";
    /// The resource has another version than the precondition requires.
    PreconditionFailed = "precondition_failed", PRECONDITION_FAILED, "The resource has changed in the meantime";
    /// The body exceeds the limit, or an object would with it.
    PayloadTooLarge = "payload_too_large", PAYLOAD_TOO_LARGE, "The data is too large";
    /// Not `application/json`.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The request body must be JSON";
    /// The JSON is valid, but values are missing, unknown or invalid.
    ValidationFailed = "validation_failed", UNPROCESSABLE_ENTITY, "Some values are invalid";
    /// A rate limit was reached. `Retry-After` tells how long to wait.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests";
    /// More or longer header fields than the service accepts.
    HeadersTooLarge = "headers_too_large", REQUEST_HEADER_FIELDS_TOO_LARGE, "The request headers are too large";
    /// An error in the service.
    Internal = "internal", INTERNAL_SERVER_ERROR, "An internal error occurred";
    /// More work is waiting than the service can do now.
    Overloaded = "overloaded", SERVICE_UNAVAILABLE, "The service is overloaded";
    /// A dependency is unreachable.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "The service is unavailable";
}

impl Code {
    /// The type URI in a problem document (RFC 9457, section 3.1.1).
    #[must_use]
    pub fn type_uri(self) -> String {
        format!("urn:svc:problem:{}", self.as_str())
    }
}
