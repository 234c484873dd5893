//! The one connection to Redis: it carries commands and the subscription, so both are there or neither is.
//!
//! It is a circuit breaker too. A call that fails, or a few that are late, take the link down for everybody at once; from
//! then on nobody waits for Redis, until [`Link::keep_up`] has shown by a probe that it answers in time and takes writes. What
//! Redis held before that moment is not trusted any more: a change may have been made that it was not told of.

mod hear;
mod keep_up;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{AsyncConnectionConfig, ConnectionInfo, PushInfo, RedisError};
use deadpool_redis::{Manager, Pool, Runtime};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use self::hear::{Heard, hear};
use super::error::CallError;
use super::put::{Put, Script};
use super::servers::RedisServers;
use crate::domain::Invalidation;
use crate::ports::SharedCache;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(1);
/// After so many calls in a row that were late the link is down: one alone may be this process's own lateness, on a
/// machine that is busy.
const LATE: u32 = 2;
/// How far the server's clock may be from where it should be since the link was proven.
const DRIFT: Duration = Duration::from_secs(5);
/// Longer than anything lives in Redis.
const OLDEST: Duration = Duration::from_secs(90);
/// What must not be missed, a change that is told and a beat, may take so many times as long before one alone takes the
/// link down.
const PATIENT: u32 = 4;
/// How many commands may wait to be written.
const QUEUE: usize = 1024;

/// Who keeps copies that depend on the channel.
pub trait Listener: Send + Sync {
    /// Something was changed by another replica, or by this one.
    fn invalidate(&self, what: Invalidation);

    /// The channel is heard from now on. What was not heard before is lost.
    fn hears(&self);

    /// The channel is not heard any more.
    fn is_deaf(&self);
}

/// See the module.
pub(super) struct Link {
    servers: RedisServers,
    config: AsyncConnectionConfig,
    patience: Duration,
    channel: String,
    probe: String,
    script: Script,
    listener: Arc<dyn Listener>,
    state: RwLock<Option<Arc<Up>>>,
    /// How the last attempt to connect ended.
    ended: RwLock<SharedCache>,
    fell: Notify,
    heard: Arc<Heard>,
}

/// A link that is there.
pub(super) struct Up {
    connection: MultiplexedConnection,
    /// When it was shown to work: by the server's clock, in microseconds, and by ours. Before that changes are told to it,
    /// and nothing is asked.
    proven: OnceLock<(u64, Instant)>,
    /// How many calls in a row were late, and when the last one was.
    late: Mutex<(u32, Option<Instant>)>,
}

impl Link {
    /// A link that is down. Nothing is connected to yet.
    pub(super) fn new(
        servers: &RedisServers,
        namespace: &str,
        patience: Duration,
        listener: Arc<dyn Listener>,
    ) -> Result<Self, RedisError> {
        let channel = format!("{namespace}:changes");
        let heard = Arc::new(Heard::default());
        let (ears, told) = (Arc::clone(&heard), Arc::clone(&listener));
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(None)
            .set_pipeline_buffer_size(QUEUE)
            .set_push_sender(move |push: PushInfo| {
                hear(&push, &ears, &*told);
                Ok::<(), RedisError>(())
            });
        // What cannot be connected to at all is refused at once.
        pool(servers.connection(&servers.addresses[0])?, &config)?;
        Ok(Self {
            servers: servers.clone(),
            config,
            patience,
            channel,
            probe: format!("{namespace}:probe"),
            script: Script::new(),
            listener,
            state: RwLock::default(),
            ended: RwLock::new(SharedCache::Away),
            fell: Notify::new(),
            heard,
        })
    }

    pub(super) fn channel(&self) -> &str {
        &self.channel
    }

    /// What an operator sees of the link.
    pub(super) fn shown(&self) -> SharedCache {
        if self.proven().is_some() {
            return SharedCache::Used;
        }
        match self.ended.read().unwrap_or_else(PoisonError::into_inner).clone() {
            SharedCache::Used => SharedCache::Away,
            ended => ended,
        }
    }

    /// The link, if it was shown to work.
    pub(super) fn proven(&self) -> Option<Arc<Up>> {
        self.up().filter(|up| up.proven.get().is_some())
    }

    /// The link, if it is there.
    pub(super) fn up(&self) -> Option<Arc<Up>> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs a command on a link that is up, in time. Without an answer somebody else has to be asked.
    pub(super) async fn call<T>(
        &self,
        up: &Arc<Up>,
        command: impl AsyncFnOnce(&mut MultiplexedConnection) -> Result<T, RedisError>,
    ) -> Option<T> {
        let began = Instant::now();
        match attempt(up, self.patience, command).await {
            Ok(answer) => {
                up.late().0 = 0;
                return Some(answer);
            }
            Err(CallError::Late) if !up.is_late_again(began) => {}
            Err(fault) => self.fall(up, &fault),
        }
        None
    }

    /// Puts something that is of use, and nothing is lost without it. Returns what is there then.
    pub(super) async fn put(&self, up: &Arc<Up>, put: &Put<'_>) -> Option<Vec<u8>> {
        self.call(up, async |connection| self.script.run(connection, put).await).await
    }

    /// Puts something that has to be there, or the link is down.
    pub(super) async fn insist(&self, up: &Arc<Up>, put: &Put<'_>) {
        let done =
            attempt(up, self.patience * PATIENT, async |connection| self.script.run(connection, put).await);
        if let Err(fault) = done.await {
            self.fall(up, &fault);
        }
    }

    /// Takes the link down, without it having failed.
    pub(super) fn close(&self) {
        if let Some(up) = self.up()
            && self.take_down(&up)
        {
            self.fell.notify_one();
        }
    }

    /// Takes the link down for everybody, if it is this one.
    pub(super) fn fall(&self, up: &Arc<Up>, why: &CallError) {
        if self.take_down(up) {
            // One that never worked is told of by whoever tries to have one.
            if up.proven.get().is_some() {
                tracing::warn!(%why, "the cache in Redis is given up for now");
            }
            self.fell.notify_one();
        }
    }

    fn take_down(&self, up: &Arc<Up>) -> bool {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let current = state.as_ref().is_some_and(|now| Arc::ptr_eq(now, up));
        if current {
            *state = None;
            self.listener.is_deaf();
        }
        current
    }
}

impl Up {
    /// Whether a value with this stamp began to be read from the store while every change was told: after this link was
    /// proven, and within the time that anything lives. What says that it is from tomorrow was not stamped by the server.
    pub(super) fn trusts(&self, stamp: u64) -> bool {
        let Some((from, at)) = self.proven.get() else { return false };
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let now = from.saturating_add(micros(at.elapsed()));
        stamp > *from
            && stamp < now.saturating_add(micros(DRIFT))
            && stamp.saturating_add(micros(OLDEST)) > now
    }

    /// Counts a late call, unless it was under way when the last one was counted: then one pause had both wait.
    fn is_late_again(&self, began: Instant) -> bool {
        let mut late = self.late();
        if late.1.is_none_or(|last| last <= began) {
            *late = (late.0 + 1, Some(Instant::now()));
        }
        late.0 >= LATE
    }

    fn late(&self) -> MutexGuard<'_, (u32, Option<Instant>)> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn attempt<T>(
    up: &Up,
    patience: Duration,
    command: impl AsyncFnOnce(&mut MultiplexedConnection) -> Result<T, RedisError>,
) -> Result<T, CallError> {
    let mut connection = up.connection.clone();
    match timeout(patience, command(&mut connection)).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(CallError::Late),
    }
}

/// A pool of one connection, which is new for each server that is connected to.
fn pool(info: ConnectionInfo, config: &AsyncConnectionConfig) -> Result<Pool, RedisError> {
    let pool = Pool::builder(Manager::new_with_config(info, config.clone())?)
        .max_size(1)
        .create_timeout(Some(CONNECT))
        .wait_timeout(Some(CONNECT))
        .recycle_timeout(Some(CONNECT))
        .runtime(Runtime::Tokio1)
        .build();
    let Ok(pool) = pool else { unreachable!("a pool with timeouts was given its runtime") };
    Ok(pool)
}
