//! The messages between replicas on the channel.

use uuid::Uuid;

use crate::domain::{Invalidation, SessionId, UserId};

/// A message between replicas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// Copies of this are out of date.
    Invalidation(Invalidation),
    /// A replica checks that it still receives messages of the channel.
    Beat(Uuid),
}

impl Message {
    /// Formats the message for `PUBLISH`.
    pub(super) fn text(self) -> String {
        match self {
            Self::Invalidation(Invalidation::User(id, version)) => format!("user {id} {version}"),
            Self::Invalidation(Invalidation::Session(id, version)) => format!("session {id} {version}"),
            Self::Beat(id) => format!("beat {id}"),
        }
    }

    /// Parses a message; `None` if it is not one of ours.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let (kind, id) = (words.next()?, Uuid::try_parse(words.next()?).ok()?);
        let mut version = || words.next()?.parse().ok();
        match kind {
            "user" => Some(Self::Invalidation(Invalidation::User(UserId(id), version()?))),
            "session" => Some(Self::Invalidation(Invalidation::Session(SessionId(id), version()?))),
            "beat" => Some(Self::Beat(id)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_it_was_written() {
        let id = Uuid::from_u128(7);
        for message in [
            Message::Invalidation(Invalidation::User(UserId(id), 3)),
            Message::Invalidation(Invalidation::User(UserId(id), Invalidation::ANY)),
            Message::Invalidation(Invalidation::Session(SessionId(id), 1)),
            Message::Beat(id),
        ] {
            assert_eq!(Message::read(&message.text()), Some(message));
        }
        for text in ["", "user", "user x 1", "user 00000000-0000-0000-0000-000000000007 x", "weather 1 2"] {
            assert_eq!(Message::read(text), None, "{text}");
        }
    }
}
