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
    /// A user without metadata has less than 1 KiB, with the answer that shows it, which is kept too. Each
    /// user may have 16 KiB of metadata, which the answer repeats.
    fn weight(&self) -> u32 {
        let bytes = 2 * (self.metadata.as_str().len() + self.app_metadata.as_str().len());
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
    use crate::domain::{Email, Metadata, Timestamp, UserId};

    #[test]
    fn a_user_weighs_more_with_each_half_kib_of_metadata() {
        let text = |bytes: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes - r#"{"a":""}"#.len()));
        for (bytes, weight) in [(100, 1), (510, 2), (1022, 3), (8192, 17)] {
            let email = Email::parse("ada@example.com").unwrap();
            let user = User::new(UserId(uuid::Uuid::nil()), email, Timestamp::EPOCH);
            let user = User { metadata: Metadata::stored(&text(bytes)).unwrap(), ..user };
            assert_eq!(user.weight(), weight, "{bytes}");
        }
    }
}
