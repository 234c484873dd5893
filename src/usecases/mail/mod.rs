//! Mails that a client can ask for by an address alone, and the tokens in them.

pub(super) mod answer_request;
pub(super) mod record_request;
pub(super) mod token_issuer;
