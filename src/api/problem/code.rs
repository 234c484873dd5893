use poem::http::StatusCode;

/// Gives every code its word, its status and its title, one line a code.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $word:literal, $status:ident, $title:literal;)+) => {
        /// What a refusal is called: the closed list. A client may branch on it; a code never changes its
        /// meaning or its status.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// The whole list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The status it is answered with.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),+ }
            }

            /// The same words for every occurrence (RFC 9457, section 3.1.3).
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }
        }
    };
}

codes! {
    /// No JSON, no body, a member twice, a cursor from nowhere, not one host.
    MalformedRequest = "malformed_request", BAD_REQUEST, "The request cannot be read";
    /// Unknown address or wrong password; which of the two is not told.
    InvalidCredentials = "invalid_credentials", UNAUTHORIZED, "The address or the password is wrong";
    /// None was sent, or it is not a token that is good now.
    InvalidToken = "invalid_token", UNAUTHORIZED, "A valid token is needed";
    /// The refresh token was replaced before; its session has ended.
    TokenReused = "token_reused", UNAUTHORIZED, "The refresh token was used before";
    /// The session was ended by hand.
    SessionRevoked = "session_revoked", UNAUTHORIZED, "The session was ended";
    /// The session's time is over.
    SessionExpired = "session_expired", UNAUTHORIZED, "The session has expired";
    /// Known who asks, and they may not.
    Forbidden = "forbidden", FORBIDDEN, "This is not allowed";
    /// The password was right and the account is locked.
    AccountLocked = "account_locked", FORBIDDEN, "The account is locked";
    /// The client's address or the account is banned; why is not told.
    Banned = "banned", FORBIDDEN, "A ban is in force";
    /// No such route, or no such thing.
    NotFound = "not_found", NOT_FOUND, "There is no such thing";
    /// The route exists, with other methods.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "This method is not allowed here";
    /// The body did not arrive in time.
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT, "The body took too long to arrive";
    /// Another user has the address.
    EmailTaken = "email_taken", CONFLICT, "The address is taken";
    /// There would be no administrator left.
    LastAdmin = "last_admin", CONFLICT, "The last administrator has to stay";
    /// The thing has changed since the version that the request names.
    PreconditionFailed = "precondition_failed", PRECONDITION_FAILED, "It has changed in the meantime";
    /// More bytes than the service takes.
    PayloadTooLarge = "payload_too_large", PAYLOAD_TOO_LARGE, "The body is too large";
    /// Not `application/json`.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body has to be JSON";
    /// Readable, with values that are missing, unknown or wrong.
    ValidationFailed = "validation_failed", UNPROCESSABLE_ENTITY, "Some values are wrong";
    /// A rate limit is reached. `Retry-After` says for how long.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests";
    /// More header fields, or longer ones, than the service reads.
    HeadersTooLarge = "headers_too_large", REQUEST_HEADER_FIELDS_TOO_LARGE, "The head of the request is too large";
    /// A fault of the service.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Something went wrong";
    /// More work than the service can do now.
    Overloaded = "overloaded", SERVICE_UNAVAILABLE, "The service is overloaded";
    /// Something that the service needs is out of reach.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "The service is unavailable";
}

impl Code {
    /// Names the kind of problem in a problem document (RFC 9457, section 3.1.1).
    #[must_use]
    pub fn type_uri(self) -> String {
        format!("urn:svc:problem:{}", self.as_str())
    }

    /// The code with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == word)
    }
}
