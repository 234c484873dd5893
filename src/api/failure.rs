use super::problem::{Code, Problem, Refuse};
use crate::usecases::Failure;

/// What the client is told says nothing of the cause; that is for the log.
impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable(reason) => {
                tracing::warn!(reason, "a dependency is out of reach");
                Self::unavailable()
            }
            Failure::Unusable(_, reason) => {
                tracing::error!(reason, "the database cannot be used");
                Self::unavailable()
            }
            Failure::RateLimited(limited) => Self::rate_limited(limited),
            Failure::Banned(banned) => Self::banned("This account is banned.", banned),
            Failure::Overloaded => Self::new(Code::Overloaded, "Too many log-ins at once; try again."),
            Failure::Broken(reason) => {
                tracing::error!(reason, "the store holds something unexpected");
                Self::internal()
            }
        }
    }
}

/// For use cases that only a rate limit refuses.
#[derive(Debug)]
pub struct Limited(pub Failure);

impl Refuse for Limited {
    const CODES: &'static [Code] = &[Code::RateLimited];

    fn into_problem(self) -> Problem {
        self.0.into()
    }
}

/// For use cases that can be refused for no reason of their own.
impl Refuse for Failure {
    const CODES: &'static [Code] = &[];

    fn into_problem(self) -> Problem {
        self.into()
    }
}
