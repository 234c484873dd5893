//! How much of the local cache a value takes: 1 for each KiB that it may have in memory.

use crate::domain::{SessionSnapshot, User};
use crate::ports::Memo;

/// A value with a weight in the local cache.
pub(super) trait Weighed {
    /// The weight, from 1. The limit of the cache is a sum of weights.
    fn weight(&self) -> u32;
}

impl<T: Weighed> Weighed for Memo<T> {
    fn weight(&self) -> u32 {
        T::weight(self)
    }
}

impl Weighed for User {
    /// A user without long texts has less than 1 KiB, with the answer that shows it, which is kept too. The
    /// answer repeats the texts, which may have 17 KiB.
    fn weight(&self) -> u32 {
        let name = self.name.as_ref().map_or(0, |name| name.as_str().len());
        let metadata = self.metadata.as_str().len() + self.app_metadata.as_str().len();
        let bytes = 2 * (self.email.as_str().len() + name + metadata);
        u32::try_from(bytes / 1024).unwrap_or(u32::MAX).saturating_add(1)
    }
}

impl Weighed for SessionSnapshot {
    fn weight(&self) -> u32 {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{DisplayName, Email, Metadata, OneLine, Timestamp, UserId};

    #[test]
    fn a_user_weighs_more_with_each_half_kib_of_texts() {
        let text = |bytes: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes - r#"{"a":""}"#.len()));
        let email = Email::parse("ada@example.com").unwrap();
        let plain = User::new(UserId(uuid::Uuid::nil()), email, Timestamp::EPOCH);
        for (bytes, weight) in [(100, 1), (510, 2), (1022, 3), (8192, 17)] {
            let user = User { metadata: Metadata::stored(&text(bytes)).unwrap(), ..plain.clone() };
            assert_eq!(user.weight(), weight, "{bytes}");
        }
        let email = Email::parse(&format!("{}@{}.example", "x".repeat(64), ["y"; 80].join("."))).unwrap();
        let name = DisplayName::parse(&"\u{1F600}".repeat(100)).unwrap();
        let user = User { email, name: Some(name), ..plain };
        assert_eq!(user.weight(), 2, "the address and the name are as long as they may be");
    }
}
