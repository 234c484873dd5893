//! The core of the service: users, sessions, passwords, keys and their events.
//!
//! **Here**: entities, newtypes that cannot contain an invalid value, rules and events. No I/O, no async.
//!
//! **May use**: `std`, ids, time, secrets, IP networks, Unicode and JSON values. Nothing else of this crate.
//!
//! **To add one**: a file named after the type, and the type exported below. A newtype has a private field
//! and one `parse`, and `text!` declares one for a line of text; a rule is a method with a test in the same
//! file; a new event is a line in the list of `event/kind.rs`.

mod audience;
mod ban;
mod budget;
mod cause;
mod claim_name;
mod claim_source;
mod counted;
mod email;
mod event;
mod fair_share;
mod hash_census;
mod hash_priority;
mod hash_strength;
mod id;
mod input_text;
mod invitation;
mod key_set;
mod locale;
mod mail_request;
mod mail_token;
mod metadata;
mod name;
mod network;
mod password;
mod prefix;
mod rate_limit;
mod registration_mode;
mod registration_request;
mod request_id;
mod session;
mod session_snapshot;
mod signing_key;
mod text;
mod timestamp;
mod trace_parent;
mod transport;
mod user;
mod user_claims;
mod words;

pub use audience::{Audience, Audiences, UnknownAudience};
pub use ban::{Ban, BanEnd, BanId, BanReason, BanRef, BanTarget, BanTargetRef};
pub use budget::{Budget, Drawn, NotABudget};
pub use cause::{Cause, TraceState};
pub use claim_name::is_name_of_user_claim;
pub use claim_source::{ClaimSource, MemberPath};
pub use counted::counted;
pub use email::{Email, EmailError};
pub(crate) use event::events;
pub use event::{
    Actor, DeletedUser, DiscardFacts, DisownedEmail, EmailChange, EndedSession, Event, EventKind, EventType,
    Invalidates, Invalidation, KeyFacts, OperatorName, ReplayFacts, RequestedEmailChange, RequestedMail,
    RevokedSession, RoleChange, SentInvitation, Subject,
};
pub use fair_share::FairShare;
pub use hash_census::{HashCensus, HashCost};
pub use hash_priority::HashPriority;
pub use hash_strength::is_strong_hash;
pub use input_text::{NotText, text_of, without_line_ending};
pub use invitation::{Invitation, InvitedUser};
pub use key_set::{KeyBreak, KeyChange, KeyRejection, KeySet};
pub use locale::{Languages, Locale, LocaleError};
pub use mail_request::{ClaimedMailRequest, MailRequest, MailRequestKind};
pub use mail_token::{MailPurpose, MailToken, MailTokenDigest, MailTokenLifetimes};
pub use metadata::{InvalidMetadata, Metadata, MetadataError, MetadataPatch, MetadataTooLong};
pub use name::{DisplayName, ServiceName};
pub use network::{Network, NotANetwork};
pub use password::{NewPassword, Password, PasswordHash, PasswordPolicy, WeakPassword, common_passwords};
pub use prefix::Prefix;
pub use rate_limit::{Budgets, Charge, RateLimit};
pub use registration_mode::RegistrationMode;
pub use registration_request::{ClaimedRegistration, RegistrationRequest};
pub use request_id::RequestId;
pub use session::{
    Client, Generation, RefreshVerdict, Revocation, RevocationReason, Salt, Session, SessionId,
    SessionLifetimes, SessionState,
};
pub use session_snapshot::SessionSnapshot;
pub use signing_key::{Algorithm, KeyId, SignedSessions, SigningKey, SigningKeyStatus};
pub use text::{OneLine, TextError};
pub use timestamp::{NotATimestamp, Timestamp};
pub use trace_parent::{NotATraceParent, TraceParent};
pub use transport::{SameSite, Transport};
pub use user::{Account, Role, User, UserId, UserRef, UserStatus};
pub use user_claims::{ClaimError, ClaimOfUser, TooLong, UserClaim, UserClaims};
pub use words::UnknownWord;
pub(crate) use words::words;
