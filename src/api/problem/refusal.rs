use std::marker::PhantomData;

use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaResponse, MetaResponses, Registry};

use super::{Code, Problem};

/// A use case's error, as HTTP tells it.
pub trait Refuse {
    /// Every code that [`Refuse::into_problem`] can give; the documentation lists them.
    const CODES: &'static [Code];

    /// One `match` without a wildcard, so that a new error cannot be forgotten here.
    fn into_problem(self) -> Problem;
}

/// What an endpoint answers when it refuses: the error type of its `Result`.
///
/// Made by `?` from the use case's error, or from a [`Problem`] that has to do with reading the request.
#[derive(Debug)]
pub struct Refusal<E> {
    problem: Problem,
    of: PhantomData<fn() -> E>,
}

impl<E: Refuse> From<E> for Refusal<E> {
    fn from(error: E) -> Self {
        error.into_problem().into()
    }
}

impl<E> From<Problem> for Refusal<E> {
    fn from(problem: Problem) -> Self {
        Self { problem, of: PhantomData }
    }
}

impl<E> From<Refusal<E>> for poem::Error {
    fn from(refusal: Refusal<E>) -> Self {
        refusal.problem.into()
    }
}

/// Declares one response a code, under the code's word in place of a status: the document groups them by
/// status and adds what the edge can answer (see `docs/document.rs`).
impl<E: Refuse> ApiResponse for Refusal<E> {
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
