use super::problem::{Code, Problem, Refuse};
use crate::usecases::Failure;

/// The response does not disclose the cause, which goes to the log.
impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        // The logged reason names the connection that failed.
        match failure.cause() {
            // `cause` never returns `Direct`.
            Failure::Unavailable(_)
            | Failure::ReadOnly(_)
            | Failure::Blocked(..)
            | Failure::Broker(_)
            | Failure::Direct(_) => {
                tracing::warn!(reason = %failure, "dependency unavailable");
                Self::unavailable()
            }
            Failure::Unusable(..) => {
                tracing::error!(reason = %failure, "database unusable");
                Self::unavailable()
            }
            Failure::RateLimited(limited) => Self::rate_limited(*limited),
            Failure::Banned(banned) => Self::banned("This account is banned.", *banned),
            Failure::Overloaded => Self::too_many_log_ins(),
            Failure::Broken(_) => {
                tracing::error!(reason = %failure, "unexpected data in the store");
                Self::internal()
            }
        }
    }
}

/// The error of use cases that only a rate limit refuses.
#[derive(Debug)]
pub struct Limited(pub Failure);

impl Refuse for Limited {
    const CODES: &'static [Code] = &[Code::RateLimited];

    fn into_problem(self) -> Problem {
        self.0.into()
    }
}

/// The error of use cases without rejections of their own.
impl Refuse for Failure {
    const CODES: &'static [Code] = &[];

    fn into_problem(self) -> Problem {
        self.into()
    }
}
