use std::time::Duration;

use uuid::Uuid;

use super::cause::Cause;
use super::email::Email;
use super::locale::Locale;
use super::metadata::Metadata;
use super::name::DisplayName;
use super::password::PasswordHash;
use super::timestamp::Timestamp;

/// A request to register, recorded without looking up an account.
#[derive(Clone, Debug, PartialEq)]
pub struct RegistrationRequest {
    /// A MAC of the email address.
    pub digest: [u8; 32],
    /// The email address.
    pub email: Email,
    /// The hash of the password.
    pub password_hash: PasswordHash,
    /// The name.
    pub name: Option<DisplayName>,
    /// The language.
    pub locale: Option<Locale>,
    /// The metadata that the user writes.
    pub metadata: Metadata,
    /// Whether a mail to the address is within its budget.
    pub may_mail: bool,
    /// When it was made.
    pub requested_at: Timestamp,
}

impl RegistrationRequest {
    /// How long a request waits for a worker at most. The row of an older one is removed.
    pub const LIFETIME: Duration = Duration::from_hours(24);
    /// The shortest time between two notices to the owner of a taken email address.
    pub const NOTICE_PAUSE: Duration = Duration::from_hours(1);

    /// Whether it waited too long for a worker at `now`.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now >= self.requested_at.plus(Self::LIFETIME)
    }
}

/// A request to register that a worker has claimed.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimedRegistration {
    /// The request.
    pub request: RegistrationRequest,
    /// When the owner of the email address last got a notice.
    pub noticed_at: Option<Timestamp>,
    /// The request in which it was made, and its trace.
    pub cause: Cause,
    /// The fencing token: the result counts only while the request still carries this claim.
    pub claim: Uuid,
}

impl ClaimedRegistration {
    /// Whether the owner of the email address, if it is taken, gets a notice at `now`.
    #[must_use]
    pub fn has_notice(&self, now: Timestamp) -> bool {
        let is_over = |at: Timestamp| at.plus(RegistrationRequest::NOTICE_PAUSE) <= now;
        self.request.may_mail && self.noticed_at.is_none_or(is_over)
    }
}
