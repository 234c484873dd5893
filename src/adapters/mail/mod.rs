//! Mail: over SMTP, into a folder, or into the log.
//!
//! **Here**: the form of a mail on the wire (`message`), what a reply of a mail server is about (`reply`),
//! and one file per transport: [`SmtpMailer`], [`FolderMailer`] and [`LogMailer`].
//!
//! **May use**: `ports`, `domain`, lettre and tokio.
//!
//! **To add one**: a file with another [`Mailer`](crate::ports::Mailer), a scheme in `config/urls/mail.rs`,
//! and a line in the container. The contract test in `tests/it/contract/mailer.rs` runs on it.

mod folder;
mod log;
mod message;
mod reply;
mod smtp;
pub mod templates;

pub use folder::FolderMailer;
pub use log::LogMailer;
pub use message::Sender;
pub use smtp::{SmtpLogin, SmtpMailer, SmtpSecurity, SmtpSettings};
