use std::marker::PhantomData;

use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaResponse, MetaResponses, Registry};

use super::code::Code;
use super::response::Problem;

/// Converts the error of a use case to a problem.
pub trait Refuse {
    /// All codes that [`Refuse::into_problem`] can return. The documentation lists them.
    const CODES: &'static [Code];

    /// Converts the error, in one `match` without a wildcard, so that a new variant cannot be forgotten.
    fn into_problem(self) -> Problem;
}

/// Implements [`Refuse`] for the error of a use case: its codes, and the problem of each reason but `Failed`.
macro_rules! refuse {
    ($error:ident [$($code:ident),+ $(,)?] { $($reason:ident $(($value:pat))? => $problem:expr,)+ }) => {
        impl $crate::api::problem::Refuse for $error {
            const CODES: &'static [$crate::api::problem::Code] = &[$($crate::api::problem::Code::$code),+];

            fn into_problem(self) -> $crate::api::problem::Problem {
                match self {
                    $(Self::$reason $(($value))? => $problem,)+
                    Self::Failed(failure) => failure.into(),
                }
            }
        }
    };
}
pub(in crate::api) use refuse;

/// The error type of an endpoint.
///
/// `?` creates it from the error of the use case, or from a [`Problem`] about reading the request.
#[derive(Debug)]
pub struct Rejection<E> {
    problem: Problem,
    of: PhantomData<fn() -> E>,
}

impl<E: Refuse> From<E> for Rejection<E> {
    fn from(error: E) -> Self {
        error.into_problem().into()
    }
}

impl<E> From<Problem> for Rejection<E> {
    fn from(problem: Problem) -> Self {
        Self { problem, of: PhantomData }
    }
}

impl<E> From<Rejection<E>> for poem::Error {
    fn from(rejection: Rejection<E>) -> Self {
        rejection.problem.into()
    }
}

/// Declares one response per code, with the code's word instead of a status: the document groups them by
/// status and adds the codes of the middleware (see `docs/document.rs`).
impl<E: Refuse> ApiResponse for Rejection<E> {
    fn meta() -> MetaResponses {
        let declare = |code: &Code| MetaResponse {
            description: code.title(),
            status: None,
            status_range: Some(code.as_str().to_owned()),
            content: Vec::new(),
            headers: Vec::new(),
        };
        MetaResponses { responses: E::CODES.iter().map(declare).collect() }
    }

    fn register(_: &mut Registry) {}
}
