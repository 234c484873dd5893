//! Error responses as `application/problem+json` (RFC 9457).
//!
//! **Here**: the list of codes (`code.rs`), violations of single values (`field.rs`), the problem
//! itself, the problems with their words (`words.rs`), an example of each (`example.rs`), the headers of a
//! rate limit (`rate_limit.rs`), the error type of endpoints (`rejection.rs`) and the conversion of the web
//! framework's errors (`foreign.rs`).
//!
//! **May use**: `domain`, poem, poem-openapi. No text of a library goes into a problem.
//!
//! **To add one**: a line in `code.rs`; then its code and an arm in the `refuse!` of a use case's error.

mod code;
mod example;
mod field;
mod foreign;
mod rate_limit;
mod rejection;
mod response;
mod words;

pub use code::Code;
pub use example::Occasion;
pub use field::{FieldCode, FieldError, Violation};
pub use rate_limit::HEADERS as RATE_LIMIT_HEADERS;
pub(in crate::api) use rejection::refuse;
pub use rejection::{Refuse, Rejection};
pub use response::{MOST_ERRORS, PROBLEM_JSON, Problem};
pub use words::{ADDRESS_BANNED, foreign_origin};
