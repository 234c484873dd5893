//! Event handlers: the reactions to events.
//!
//! **Here**: [`Handler`], one file per handler, and the list of [`all`].
//!
//! **May use**: `ports`, `domain`, `telemetry`.
//!
//! **To add one**: a file with a struct that implements [`Handler`], and a line in [`all`]. It receives the
//! events from then on; `svc event replay --since` delivers older ones. Its name must not change: it
//! identifies the handler in the inbox.

mod audit;
mod mail;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
pub use mail::MailPorts;

use crate::ports::events::{Delivery, StoredEvent};
use crate::ports::{MailError, StoreError, UnitOfWork};
use crate::telemetry::trace;

/// Reacts to events.
#[async_trait]
pub trait Handler: Send + Sync {
    /// The name, which must never change.
    fn name(&self) -> &'static str;

    /// Whether the handler subscribes to an event type, such as `svc.user.registered.v1`.
    fn subscribes_to(&self, type_name: &str) -> bool;

    /// Whether several events may be handled in one transaction, which is faster for a long backlog. Only for
    /// a handler that uses nothing but `work`: a side effect would be repeated for all events if the last one
    /// fails. All events, up to sixty-four, share ten seconds; if they fail, they are handled one by one.
    fn shares_transactions(&self) -> bool {
        false
    }

    /// The maximum number of attempts before an event is dead-lettered.
    fn max_attempts(&self) -> u32 {
        10
    }

    /// Whether it has a side effect. If not, [`run_side_effect`](Self::run_side_effect) is not called.
    fn has_side_effect(&self) -> bool {
        false
    }

    /// Performs the side effect, such as sending a mail, before [`handle`](Self::handle) and outside a
    /// transaction, so that it blocks nothing. Both together have ten seconds.
    ///
    /// It may run again: after an error, and if the process dies before the commit. Use `event.id` to make it
    /// idempotent.
    async fn run_side_effect(&self, _event: &StoredEvent) -> Result<(), HandlerError> {
        Ok(())
    }

    /// Handles one event, within ten seconds.
    ///
    /// Everything written to `work` commits together with the mark that the event is done, so it takes effect
    /// once; events that are appended there are relayed. The events of one subject are handled in order:
    /// while one is retried, the later ones wait.
    async fn handle(&self, event: &StoredEvent, work: &mut dyn UnitOfWork) -> Result<(), HandlerError>;

    /// Handles several events in one transaction, in order. Handles them one by one by default; override it
    /// if there is a faster way. Effects of each event belong to its trace.
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
    /// The database failed. Retried.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Any other failure. Retried. The text is for operators.
    #[error("{0}")]
    Failed(String),
    /// A failure that a retry would repeat: dead-lettered at once. The text is for operators.
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

/// The subscriptions of handlers to these event types.
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

/// All handlers.
#[must_use]
pub fn all(mail: &MailPorts) -> Vec<Arc<dyn Handler>> {
    vec![
        Arc::new(audit::AuditTrail),
        Arc::new(mail::Links::to_verify(mail.clone())),
        Arc::new(mail::Links::to_reset(mail.clone())),
        Arc::new(mail::Notices(mail.clone())),
    ]
}
