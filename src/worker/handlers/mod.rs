//! What is done when something happened.
//!
//! **Here**: [`Handler`], one file a handler, and the list of [`all`].
//!
//! **May use**: `ports`, `domain`, `telemetry`.
//!
//! **To add one**: a file with a struct that implements [`Handler`], and a line in [`all`]. It gets the events that happen from
//! then on; `svc event replay --since` gives it older ones. Its name stays: the inbox knows it by that.

mod audit;
mod mail;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
pub use mail::MailPorts;

use crate::ports::events::{Delivery, StoredEvent};
use crate::ports::{MailError, StoreError, UnitOfWork};
use crate::telemetry::trace;

/// Does something about events.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Names it for ever.
    fn name(&self) -> &'static str;

    /// Whether it wants the events of a type, such as `svc.user.registered.v1`.
    fn subscribes_to(&self, type_name: &str) -> bool;

    /// Whether several events may be handled in one transaction, which is faster when many wait. Only for one that works on
    /// nothing but `work`: what it does elsewhere would be done again for all of them when the last one fails. All of them, up
    /// to sixty-four, have ten seconds together; else they are handled one by one.
    fn shares_transactions(&self) -> bool {
        false
    }

    /// How often an event is tried before it is given up.
    fn max_attempts(&self) -> u32 {
        10
    }

    /// Whether it does something elsewhere first. If not, [`run_side_effect`](Self::run_side_effect) is not called.
    fn has_side_effect(&self) -> bool {
        false
    }

    /// Does what is done elsewhere, such as sending a mail, before [`handle`](Self::handle) and while no transaction is open:
    /// however long it takes, nobody waits for it. Both together have ten seconds.
    ///
    /// It may be done again: after an error, and when the process dies before the commit. So let it carry `event.id`.
    async fn run_side_effect(&self, _event: &StoredEvent) -> Result<(), HandlerError> {
        Ok(())
    }

    /// Does it, for one event, within ten seconds.
    ///
    /// What is written to `work` is committed together with the mark that this is done, so it happens once, and events that
    /// are appended there are handed on. Of one user's events the earlier one comes first: while it is
    /// retried, the later ones wait.
    async fn handle(&self, event: &StoredEvent, work: &mut dyn UnitOfWork) -> Result<(), HandlerError>;

    /// Does it for several in one transaction, in their order; one by one, unless there is a faster way. What one of them
    /// causes belongs to the trace that it came from.
    async fn handle_all(
        &self,
        events: &[StoredEvent],
        work: &mut dyn UnitOfWork,
    ) -> Result<(), HandlerError> {
        for event in events {
            trace::within(event.trace, self.handle(event, work)).await?;
        }
        Ok(())
    }
}

/// Why an event could not be handled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandlerError {
    /// The database did not do as asked. It is tried again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Anything else, in words for an operator. It is tried again.
    #[error("{0}")]
    Failed(String),
    /// The same, where another try would end the same way: it is given up at once.
    #[error("{0}")]
    Permanent(String),
}

impl From<MailError> for HandlerError {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Temporary(reason) => Self::Failed(reason),
            MailError::Permanent(reason) => Self::Permanent(reason),
        }
    }
}

/// Which events, by type, go to which handler.
pub(super) fn deliveries<'a>(
    handlers: &[Arc<dyn Handler>],
    types: impl Iterator<Item = &'a str>,
) -> Vec<Delivery> {
    let for_type = |type_name: &str| {
        let wanting = handlers.iter().filter(|handler| handler.subscribes_to(type_name));
        let delivery = |handler: &Arc<dyn Handler>| Delivery {
            type_name: type_name.to_owned(),
            handler: handler.name(),
        };
        wanting.map(delivery).collect::<Vec<_>>()
    };
    types.collect::<BTreeSet<&str>>().into_iter().flat_map(for_type).collect()
}

/// Every handler.
#[must_use]
pub fn all(mail: &MailPorts) -> Vec<Arc<dyn Handler>> {
    vec![
        Arc::new(audit::AuditTrail),
        Arc::new(mail::Links::to_verify(mail.clone())),
        Arc::new(mail::Links::to_reset(mail.clone())),
        Arc::new(mail::Notices(mail.clone())),
    ]
}
