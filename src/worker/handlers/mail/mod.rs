//! Mails about events.
//!
//! **Here**: three handlers, so that each sends at most one mail per event and none delays another: `links`,
//! twice (to verify an email address, and to set a new password) and `notices` (security notices). `draft`
//! has what they share: rendering and sending a mail.
//!
//! **May use**: `ports`, `domain`, `telemetry`, and `serde_json` to read the data of events.
//!
//! **To add a mail**: a line in one of the two, and its texts in `adapters/mail/templates`.

mod draft;
mod links;
mod notices;

pub use draft::MailPorts;
pub(super) use links::{links, resets};
pub(super) use notices::notices;
