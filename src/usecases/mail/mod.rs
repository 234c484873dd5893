//! Mails that a client can ask for by an address alone, and the tokens in them.

mod answer_request;
pub(super) mod invite;
pub(super) mod record_request;
pub(super) mod token_issuer;

use super::use_cases::use_cases;
pub use answer_request::AnswerMailRequest;
pub use record_request::MailRequestRecorder;
pub use token_issuer::MailTokenIssuer;

use_cases! {
    answer_request: AnswerMailRequest { store, mail, journal },
}
