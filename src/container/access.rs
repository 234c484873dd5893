//! Accessors of ports for tests and benchmarks. No folder of the service uses them: the command line and the
//! worker call use cases.

use std::sync::Arc;

use super::Container;
use crate::ports::events::{DeadLetters, EventLog, EventReplayer};
use crate::ports::store::HashCensusStore;
use crate::ports::{BanList, Cache, Clock, Ids, MailTokens, PasswordHasher, RateLimiter, Store};

/// Gives read access to ports, by their names in [`Ports`](crate::usecases::Ports).
macro_rules! access {
    ($($port:ident: $trait:ident,)+) => {
        #[expect(missing_docs, reason = "each port is documented where it is declared")]
        impl Container {
            $(
                #[must_use]
                pub fn $port(&self) -> &Arc<dyn $trait> {
                    &self.ports.$port
                }
            )+
        }
    };
}
access! {
    bans: BanList,
    cache: Cache,
    clock: Clock,
    event_log: EventLog,
    event_replayer: EventReplayer,
    hash_census: HashCensusStore,
    hasher: PasswordHasher,
    ids: Ids,
    limiter: RateLimiter,
    mail_tokens: MailTokens,
    store: Store,
}

impl Container {
    /// The dead letters of the broker, if one is configured.
    #[must_use]
    pub fn dead_letters(&self) -> Option<&dyn DeadLetters> {
        self.ports.dead_letters.as_deref()
    }

    /// Whether a broker is configured and accepts events.
    #[must_use]
    pub fn is_broker_up(&self) -> bool {
        self.ports.queue.as_ref().is_some_and(|queue| queue.is_up())
    }
}
