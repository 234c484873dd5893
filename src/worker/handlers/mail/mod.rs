//! Mails about events.
//!
//! **Here**: four handlers, so that each sends at most one mail per event and none delays another: `links`,
//! three times (to verify an email address, to set a new password, and to accept an invitation) and `notices`
//! (security notices). `draft` has what they share: rendering and sending a mail.
//!
//! **May use**: `ports`, `domain`, `telemetry`, and `serde_json` to read the data of events.
//!
//! **To add a mail**: a line in one of the two, and its texts in `adapters/mail/templates`.

mod draft;
mod links;
mod notices;

pub use draft::MailPorts;
pub(super) use links::{invitations, links, resets};
pub(super) use notices::notices;
