//! What replicas tell each other on the channel.

use uuid::Uuid;

use crate::domain::{Outdated, SessionId, UserId};

/// One message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// Copies of this are out of date.
    Outdated(Outdated),
    /// A replica asks itself whether it still hears the channel.
    Beat(Uuid),
}

impl Message {
    /// The text that is published.
    pub(super) fn text(self) -> String {
        match self {
            Self::Outdated(Outdated::User(id, version)) => format!("user {id} {version}"),
            Self::Outdated(Outdated::Session(id, version)) => format!("session {id} {version}"),
            Self::Beat(id) => format!("beat {id}"),
        }
    }

    /// Reads a text; `None` when it is none of ours.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let (kind, id) = (words.next()?, Uuid::try_parse(words.next()?).ok()?);
        let mut version = || words.next()?.parse().ok();
        match kind {
            "user" => Some(Self::Outdated(Outdated::User(UserId(id), version()?))),
            "session" => Some(Self::Outdated(Outdated::Session(SessionId(id), version()?))),
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
            Message::Outdated(Outdated::User(UserId(id), 3)),
            Message::Outdated(Outdated::User(UserId(id), Outdated::ANY)),
            Message::Outdated(Outdated::Session(SessionId(id), 1)),
            Message::Beat(id),
        ] {
            assert_eq!(Message::read(&message.text()), Some(message));
        }
        for text in ["", "user", "user x 1", "user 00000000-0000-0000-0000-000000000007 x", "weather 1 2"] {
            assert_eq!(Message::read(text), None, "{text}");
        }
    }
}
