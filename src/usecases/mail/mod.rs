//! Mails that a client can ask for by an address alone, and the tokens in them.

mod answer_request;
pub(super) mod invite;
pub(super) mod record_request;
pub(super) mod token_issuer;

pub use answer_request::AnswerMailRequest;
pub use record_request::MailRequestRecorder;
pub use token_issuer::MailTokenIssuer;
