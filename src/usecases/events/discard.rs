use std::sync::Arc;

use super::confirmation::Confirmation;
use crate::ports::events::{DeadLetter, DeadLetters, EventLog};
use crate::usecases::failure::{Failure, errors};

/// Permanently deletes the dead letters of the broker that identify no event of the outbox, which a replay
/// cannot relay. No event is lost: events are in the outbox, or were removed from it after they had been
/// handled.
pub struct DiscardDeadLetters {
    pub(in crate::usecases) event_log: Arc<dyn EventLog>,
    pub(in crate::usecases) dead_letters: Option<Arc<dyn DeadLetters>>,
}

/// The numbers of dead letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discarded {
    /// Those that were deleted, or would be.
    pub discarded: u64,
    /// Those that stay.
    pub kept: u64,
}

errors! {
    /// Why no dead letter was deleted.
    pub enum DiscardDeadLettersError {
        NoBroker = "queue.url names no broker",
        // The numbers that would be deleted and kept.
        Unconfirmed(Discarded) = "the deletion is not confirmed",
    }
}

impl DiscardDeadLetters {
    /// Deletes them.
    pub async fn run(&self, confirmation: Confirmation) -> Result<Discarded, DiscardDeadLettersError> {
        let broker = self.dead_letters.as_ref().ok_or(DiscardDeadLettersError::NoBroker)?;
        let held = broker.hold().await?;
        let mut junk = Vec::new();
        for (place, letter) in held.letters().iter().enumerate() {
            if !self.identifies_an_event(letter).await? {
                junk.push(place);
            }
        }
        let (discarded, kept) = (junk.len() as u64, (held.letters().len() - junk.len()) as u64);
        let discarded = Discarded { discarded, kept };
        match confirmation {
            Confirmation::DryRun => {}
            Confirmation::Missing => return Err(DiscardDeadLettersError::Unconfirmed(discarded)),
            Confirmation::Given => held.discard(&junk).await?,
        }
        Ok(discarded)
    }

    async fn identifies_an_event(&self, letter: &DeadLetter) -> Result<bool, Failure> {
        let Some(id) = letter.event_id else { return Ok(false) };
        Ok(self.event_log.event(id).await?.is_some())
    }
}
