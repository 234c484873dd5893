//! Events: their envelope here, in `kind` the list of types, each with its data and what it invalidates, in
//! `data` the data that is no entity, in `operator` the name of the operator who caused one, and in `replay`
//! what operators do with stored events.

mod data;
mod invalidation;
mod kind;
mod operator;
mod replay;

use std::fmt;

use uuid::Uuid;

pub use self::data::{
    DeletedUser, DisownedEmail, EmailChange, EndedSession, KeyFacts, RequestedEmailChange, RequestedMail,
    RevokedSession, RoleChange, SentInvitation,
};
pub use self::invalidation::Invalidation;
pub(crate) use self::kind::events;
pub use self::kind::{EventKind, EventType, Invalidates};
pub use self::operator::OperatorName;
pub use self::replay::{DiscardFacts, ReplayFacts};
use super::ban::{Ban, BanTarget};
use super::signing_key::KeyId;
use super::timestamp::Timestamp;
use super::user::UserId;

/// A fact about a user, a ban, a signing key or a stored event that committed with the change that caused it.
/// It contains ids and facts, never a password, a hash or a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The unique id of the event. Ids sort by time.
    pub id: Uuid,
    /// The user, ban, signing key or stored event that the event is about.
    pub subject: Subject,
    /// The actor that caused the event.
    pub actor: Actor,
    /// When it happened.
    pub at: Timestamp,
    /// The type of the event, with its data.
    pub kind: EventKind,
    /// Whether the data of a user contains their metadata.
    pub has_metadata: bool,
}

/// The subject of an event: in most cases a user; the ban of a network, a signing key, or the event that was
/// replayed. A replay of several events and a deletion of dead letters are their own subjects. The events of
/// one subject are relayed in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject(pub Uuid);

impl Subject {
    /// The user id, for an event about a user.
    #[must_use]
    pub const fn as_user(self) -> UserId {
        UserId(self.0)
    }
}

impl From<UserId> for Subject {
    fn from(user: UserId) -> Self {
        Self(user.0)
    }
}

impl From<&Ban> for Subject {
    fn from(ban: &Ban) -> Self {
        match ban.target {
            BanTarget::User(user) => user.into(),
            BanTarget::Network(_) => Self(ban.id.0),
        }
    }
}

impl From<&KeyId> for Subject {
    /// A UUID of version 8 (RFC 9562) from a hash of the id (FNV-1a, 128 bits), since the subject of an event
    /// is a UUID. The hash is not secure: it only keeps the events of one key in order.
    fn from(key: &KeyId) -> Self {
        const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
        const PRIME: u128 = 0x0100_0000_0000_0000_013b;
        let step = |hash: u128, byte: u8| (hash ^ u128::from(byte)).wrapping_mul(PRIME);
        let hash = key.0.bytes().fold(OFFSET, step);
        let version = (hash & !(0xf << 76)) | (8 << 76);
        Self(Uuid::from_u128((version & !(0b11 << 62)) | (0b10 << 62)))
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The actor that caused an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A user, over HTTP: the subject itself or an administrator.
    User(UserId),
    /// An operator, on the command line, with the name of the operating system's user.
    Operator(OperatorName),
    /// The service itself, by one of its rules.
    Service,
}

impl Event {
    /// An event of `kind` that `actor` caused to `subject` at `at`.
    #[must_use]
    pub fn new(id: Uuid, subject: impl Into<Subject>, actor: Actor, at: Timestamp, kind: EventKind) -> Self {
        Self { id, subject: subject.into(), actor, at, kind, has_metadata: false }
    }

    /// The event with the metadata of its user, or without.
    #[must_use]
    pub fn with_metadata(self, has_metadata: bool) -> Self {
        Self { has_metadata, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_of_a_key_is_a_uuid_of_its_own() {
        let of = |id: &str| Subject::from(&KeyId(id.to_owned())).0;
        assert_eq!(of("a"), of("a"));
        assert_ne!(of("a"), of("b"));
        assert_eq!((of("a").get_version_num(), of("a").get_variant()), (8, uuid::Variant::RFC4122));
    }
}
