use poem::http::{HeaderValue, StatusCode};
use poem_openapi::error::{ParseParamError, ParsePathError};

use super::code::Code;
use super::field::{FieldCode, Violation};
use super::response::Problem;

impl Problem {
    /// Converts any error of poem: to the problem that it contains, or else to an equivalent one without text
    /// of the library. `allow` are the methods of the matched route.
    #[must_use]
    pub fn from_error(error: poem::Error, allow: HeaderValue) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(problem) => return problem,
            Err(error) => error,
        };
        if let Some(parameter) = error.downcast_ref::<ParseParamError>() {
            let violation = Violation::new(FieldCode::Malformed, "this value is malformed");
            return Self::wrong_values(vec![violation.about(parameter.name)]);
        }
        // The first is an invalid id in a path, the second a path that is not valid UTF-8.
        if error.is::<ParsePathError>() || error.is::<poem::error::ParsePathError>() {
            return Self::unknown_path();
        }
        match error.status() {
            StatusCode::UNAUTHORIZED => Self::unauthenticated(),
            StatusCode::NOT_FOUND => Self::unknown_path(),
            StatusCode::METHOD_NOT_ALLOWED => Self::method_not_allowed(allow),
            StatusCode::PAYLOAD_TOO_LARGE => Self::new(Code::PayloadTooLarge, "Send a smaller request body."),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::unsupported_media_type(),
            status if status.is_client_error() => Self::new(
                Code::MalformedRequest,
                "The request does not conform to HTTP or to the API documentation.",
            ),
            _ => {
                tracing::error!(error = %error, "request failed");
                Self::internal()
            }
        }
    }

    /// No such route or resource.
    #[must_use]
    pub fn unknown_path() -> Self {
        Self::new(Code::NotFound, "Nothing was found at this path.")
    }
}
