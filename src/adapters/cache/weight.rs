//! How much of the local cache a value takes: 1 for each KiB that it may have in memory.

use crate::domain::{SessionSnapshot, User};

/// A value with a weight in the local cache.
pub(super) trait Weighed {
    /// The weight, from 1. The limit of the cache is a sum of weights.
    fn weight(&self) -> u32;
}

impl Weighed for User {
    /// A user without metadata has less than 1 KiB. Each user may have 16 KiB of metadata.
    fn weight(&self) -> u32 {
        let bytes = self.metadata.as_str().len() + self.app_metadata.as_str().len();
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
    fn a_user_weighs_more_with_each_kib_of_metadata() {
        let text = |bytes: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes - r#"{"a":""}"#.len()));
        for (bytes, weight) in [(100, 1), (1022, 2), (8192, 9)] {
            let email = Email::parse("ada@example.com").unwrap();
            let user = User::new(UserId(uuid::Uuid::nil()), email, Timestamp::EPOCH);
            let user = User { metadata: Metadata::stored(&text(bytes)).unwrap(), ..user };
            assert_eq!(user.weight(), weight, "{bytes}");
        }
    }
}
