use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::{SessionId, SigningKey, UserId};
use crate::ports::store::LONGEST_PAGE;
use crate::ports::{Clock, Store};
use crate::usecases::failure::Failure;

/// Counts the live sessions that the declaration of a key as compromised would end.
pub struct CountSignedSessions {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
}

impl CountSignedSessions {
    /// Returns 0 for a key that is not compromised, or that signed nothing.
    pub async fn run(&self, key: &SigningKey) -> Result<u64, Failure> {
        let Some(signed) = key.signed_sessions() else { return Ok(0) };
        let (mut users, mut after): (BTreeSet<UserId>, Option<SessionId>) = (BTreeSet::new(), None);
        loop {
            let (found, next) = self.store.signed_sessions().users_among(signed, after).await?;
            users.extend(found);
            match next {
                Some(_) => after = next,
                None => break,
            }
        }
        let (now, mut count) = (self.clock.now(), 0);
        for user in users {
            let mut after = None;
            loop {
                let page = self.store.sessions().live_page(user, now, after, LONGEST_PAGE).await?;
                count += page.iter().filter(|session| signed.has(session)).count() as u64;
                match page.last() {
                    Some(last) if page.len() as u64 >= u64::from(LONGEST_PAGE) => after = Some(last.id),
                    _ => break,
                }
            }
        }
        Ok(count)
    }
}
