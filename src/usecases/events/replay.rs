use std::sync::Arc;

use uuid::Uuid;

use super::confirmation::Confirmation;
use super::query::Since;
use super::show::ShowEventError;
use crate::domain::{Actor, EventKind, ReplayFacts, Subject};
use crate::ports::Store;
use crate::ports::events::{
    DeadLetters, EventLog, EventReplayer, REPLAYED_AT_ONCE, REQUEUED_AT_ONCE, Selection,
};
use crate::usecases::failure::{Failure, fails};
use crate::usecases::journal::Journal;

/// Relays events again, and requeues dead letters.
///
/// The event of the replay commits before the first slice: if the process dies in between, the audit trail
/// still has the operator.
pub struct ReplayEvents {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) event_log: Arc<dyn EventLog>,
    pub(in crate::usecases) event_replayer: Arc<dyn EventReplayer>,
    pub(in crate::usecases) dead_letters: Option<Arc<dyn DeadLetters>>,
    pub(in crate::usecases) journal: Journal,
}

/// The events to replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayTarget {
    /// One event and its dead letters.
    One(Uuid),
    /// All events since then, and their dead letters.
    Since(Since),
    /// All dead letters, of handlers and of the broker.
    Dead,
}

/// The numbers of events and dead letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// The events that were relayed again, or would be.
    pub replayed: u64,
    /// The dead letters of handlers that were requeued, or would be.
    pub requeued: u64,
    /// The dead letters of the broker that were returned to its inbox queue, or would be; `None` if the
    /// target has none.
    pub returned: Option<u64>,
}

impl Replayed {
    /// Whether nothing was replayed, or would be.
    fn is_nothing(self) -> bool {
        self.replayed == 0 && self.requeued == 0 && self.returned.unwrap_or(0) == 0
    }
}

/// Why nothing was replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayEventsError {
    /// There is no such event.
    #[error(transparent)]
    NotFound(ShowEventError),
    /// The operator has not confirmed the change of more than one thing: these numbers would be changed.
    #[error("the replay is not confirmed")]
    Unconfirmed(Replayed),
    /// A failure common to all use cases.
    #[error(transparent)]
    Failed(Failure),
}
fails!(ReplayEventsError);

impl ReplayEvents {
    /// Replays the target, in slices so short that no request waits for one. Where there is nothing to
    /// replay, nothing changes, and there is no event.
    pub async fn run(
        &self,
        target: &ReplayTarget,
        confirmation: Confirmation,
        actor: Actor,
    ) -> Result<Replayed, ReplayEventsError> {
        let selection = match *target {
            ReplayTarget::One(id) => Selection::One(id),
            ReplayTarget::Since(since) => Selection::Since {
                since: since.resolve(&*self.journal.clock),
                until: self.event_replayer.newest().await?,
            },
            ReplayTarget::Dead => Selection::Dead,
        };
        if let Selection::One(id) = selection
            && self.event_log.event(id).await?.is_none()
        {
            return Err(ReplayEventsError::NotFound(ShowEventError::NotFound(id)));
        }
        let broker = self.dead_letters.as_deref().filter(|_| selection == Selection::Dead);
        let is_one = matches!(selection, Selection::One(_));
        // Also before a replay: if the broker is unreachable, nothing is changed.
        let counted = self.count(&selection, broker).await?;
        match confirmation {
            Confirmation::DryRun => Ok(counted),
            Confirmation::Missing if !is_one => Err(ReplayEventsError::Unconfirmed(counted)),
            Confirmation::Missing | Confirmation::Given if counted.is_nothing() => Ok(counted),
            Confirmation::Missing | Confirmation::Given => {
                self.record(&selection, counted, actor).await?;
                self.replay(&selection, broker).await
            }
        }
    }

    async fn record(
        &self,
        selection: &Selection,
        counted: Replayed,
        actor: Actor,
    ) -> Result<(), ReplayEventsError> {
        let (event_id, since) = match *selection {
            Selection::One(id) => (Some(id), None),
            Selection::Since { since, .. } => (None, Some(since)),
            Selection::Dead => (None, None),
        };
        let Replayed { replayed, requeued, returned } = counted;
        let facts = ReplayFacts { event_id, since, replayed, requeued, returned };
        let (id, mut work) = (self.journal.id(), self.store.begin().await?);
        let subject = Subject(event_id.unwrap_or(id));
        let kind = EventKind::EventReplayed(facts);
        self.journal.append_as(&mut *work, id, subject, actor, self.journal.now(), kind).await?;
        Ok(work.commit().await?)
    }

    async fn count(
        &self,
        selection: &Selection,
        broker: Option<&dyn DeadLetters>,
    ) -> Result<Replayed, ReplayEventsError> {
        let (replayed, requeued) = self.event_replayer.count(selection).await?;
        let returned = match broker {
            Some(broker) => Some(broker.depth().await?.dead.into()),
            None => None,
        };
        Ok(Replayed { replayed, requeued, returned })
    }

    async fn replay(
        &self,
        selection: &Selection,
        broker: Option<&dyn DeadLetters>,
    ) -> Result<Replayed, ReplayEventsError> {
        // Dead letters first: a replayed event does not change its existing inbox entries.
        let now = self.journal.now();
        let mut requeued = 0;
        loop {
            let slice = self.event_replayer.requeue(selection, now, REQUEUED_AT_ONCE).await?;
            requeued += slice;
            if slice < u64::from(REQUEUED_AT_ONCE) {
                break;
            }
        }
        let (mut replayed, mut place) = (0, Some(0));
        while let Some(after) = place {
            let (slice, next) = self.event_replayer.replay(selection, after, REPLAYED_AT_ONCE).await?;
            replayed += slice;
            place = next;
        }
        let returned = match broker {
            Some(broker) => Some(broker.replay_all().await?),
            None => None,
        };
        Ok(Replayed { replayed, requeued, returned })
    }
}
