use std::sync::Arc;

use super::confirmation::Confirmation;
use crate::domain::{Actor, DiscardFacts, EventKind, Subject};
use crate::ports::Store;
use crate::ports::events::{DeadLetter, DeadLetters, EventLog};
use crate::usecases::failure::{Failure, errors};
use crate::usecases::journal::Journal;

/// Permanently deletes the dead letters of the broker that identify no event of the outbox, which a replay
/// cannot relay. No event is lost: events are in the outbox, or were removed from it after they had been
/// handled. The event of the deletion commits before it: messages of the broker are in no transaction.
pub struct DiscardDeadLetters {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) event_log: Arc<dyn EventLog>,
    pub(in crate::usecases) dead_letters: Option<Arc<dyn DeadLetters>>,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why no dead letter was deleted.
    pub enum DiscardDeadLettersError {
        NoBroker = "queue.url names no broker",
        // The numbers that would be deleted and kept.
        Unconfirmed(DiscardFacts) = "the deletion is not confirmed",
    }
}

impl DiscardDeadLetters {
    /// Deletes them. Where there is nothing to delete, there is no event.
    pub async fn run(
        &self,
        confirmation: Confirmation,
        actor: Actor,
    ) -> Result<DiscardFacts, DiscardDeadLettersError> {
        let broker = self.dead_letters.as_ref().ok_or(DiscardDeadLettersError::NoBroker)?;
        let held = broker.hold().await?;
        let mut junk = Vec::new();
        for (place, letter) in held.letters().iter().enumerate() {
            if !self.identifies_an_event(letter).await? {
                junk.push(place);
            }
        }
        let (discarded, kept) = (junk.len() as u64, (held.letters().len() - junk.len()) as u64);
        let facts = DiscardFacts { discarded, kept };
        match confirmation {
            Confirmation::Missing => return Err(DiscardDeadLettersError::Unconfirmed(facts)),
            Confirmation::Given if !junk.is_empty() => {
                self.record(facts, actor).await?;
                held.discard(&junk).await?;
            }
            Confirmation::DryRun | Confirmation::Given => {}
        }
        Ok(facts)
    }

    async fn record(&self, facts: DiscardFacts, actor: Actor) -> Result<(), Failure> {
        let (id, mut work) = (self.journal.id(), self.store.begin().await?);
        let kind = EventKind::DeadLetterDiscarded(facts);
        self.journal.append_as(&mut *work, id, Subject(id), actor, self.journal.now(), kind).await?;
        Ok(work.commit().await?)
    }

    async fn identifies_an_event(&self, letter: &DeadLetter) -> Result<bool, Failure> {
        let Some(id) = letter.event_id else { return Ok(false) };
        Ok(self.event_log.event(id).await?.is_some())
    }
}
