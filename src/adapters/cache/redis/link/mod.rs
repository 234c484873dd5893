//! The one connection to Redis. It carries commands and the subscription, so either both work or neither
//! does.
//!
//! It is also a circuit breaker. A call that fails, or a few late calls, take the link down for all callers
//! at once. From then on no caller waits for Redis, until a probe of [`Link::keep_up`] has shown that it
//! answers in time and takes writes. Values that Redis held before the probe are not trusted any more: it may
//! have missed a change of them.

mod hear;
mod keep_up;
pub(super) mod listener;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{AsyncConnectionConfig, ConnectionInfo, PushInfo, RedisError};
use deadpool_redis::{Manager, Pool, Runtime};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use self::hear::{Heard, hear};
use self::listener::Listener;
use super::error::CallError;
use super::put::{Put, Script};
use super::servers::Servers;
use crate::ports::SharedCache;
use crate::telemetry::spans::Kind;
use crate::telemetry::trace;

/// How long opening a connection may take.
const CONNECT: Duration = Duration::from_secs(1);
/// The number of consecutive late calls that take the link down. A single late call may be caused by this
/// process itself, on a busy machine.
const LATE: u32 = 2;
/// The largest difference between the server's clock and its expected time since the link was confirmed.
const DRIFT: Duration = Duration::from_secs(5);
/// Longer than any value lives in Redis.
const OLDEST: Duration = Duration::from_secs(90);
/// Calls that must not be lost (an invalidation, a beat) may take this many times as long before a single one
/// takes the link down.
const PATIENT: u32 = 4;
/// The name of the script that writes, in traces.
const PUT: &str = "EVALSHA put";
/// How many commands may wait to be written.
const QUEUE: usize = 1024;

/// See the module.
pub(super) struct Link {
    servers: Servers,
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

/// A link with a connection.
pub(super) struct Up {
    connection: MultiplexedConnection,
    /// When the link was shown to work: by the server's clock, in microseconds, and by ours. Before that it
    /// receives invalidations but is not read.
    confirmed: OnceLock<(u64, Instant)>,
    /// The number of consecutive late calls, and when the last one was counted.
    late: Mutex<(u32, Option<Instant>)>,
}

impl Link {
    /// Creates a link that is down. Does not connect yet.
    pub(super) fn new(
        servers: Servers,
        namespace: &str,
        patience: Duration,
        listener: Arc<dyn Listener>,
    ) -> Result<Self, RedisError> {
        let channel = format!("{namespace}:changes");
        let heard = Arc::new(Heard::default());
        let (ears, reported) = (Arc::clone(&heard), Arc::clone(&listener));
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(None)
            .set_pipeline_buffer_size(QUEUE)
            .set_push_sender(move |push: PushInfo| {
                hear(&push, &ears, &*reported);
                Ok::<(), RedisError>(())
            });
        // Settings with which no connection can be made fail at once.
        pool(servers.first()?, &config)?;
        Ok(Self {
            servers,
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

    /// Returns the key that the proof of a connection writes and reads.
    pub(super) fn probe(&self) -> &str {
        &self.probe
    }

    /// Returns how long a call may take.
    pub(super) const fn patience(&self) -> Duration {
        self.patience
    }

    /// Returns the state of the link that an operator sees.
    pub(super) fn shown(&self) -> SharedCache {
        if self.confirmed().is_some() {
            return SharedCache::Used;
        }
        match self.ended.read().unwrap_or_else(PoisonError::into_inner).clone() {
            SharedCache::Used => SharedCache::Away,
            ended => ended,
        }
    }

    /// Returns the link if it was shown to work.
    pub(super) fn confirmed(&self) -> Option<Arc<Up>> {
        self.up().filter(|up| up.confirmed.get().is_some())
    }

    /// Returns the link if it has a connection.
    pub(super) fn up(&self) -> Option<Arc<Up>> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs a command on a link that is up, within the time limit. Returns `None` if there is no answer in
    /// time; the caller then asks the database.
    pub(super) async fn call<T>(
        &self,
        up: &Arc<Up>,
        name: &'static str,
        command: impl AsyncFnOnce(&mut MultiplexedConnection) -> Result<T, RedisError>,
    ) -> Option<T> {
        let began = Instant::now();
        match traced(name, attempt(up, self.patience, command)).await {
            Ok(answer) => {
                up.late().0 = 0;
                return Some(answer);
            }
            Err(CallError::Late) if !up.is_late_again(began) => {}
            Err(fault) => self.fall(up, &fault),
        }
        None
    }

    /// Stores a value that may be lost without harm. Returns the content of the key afterwards.
    pub(super) async fn put(&self, up: &Arc<Up>, put: &Put<'_>) -> Option<Vec<u8>> {
        self.call(up, PUT, async |connection| self.script.run(connection, put).await).await
    }

    /// Stores a value that must not be lost: if that fails, the link goes down.
    pub(super) async fn insist(&self, up: &Arc<Up>, put: &Put<'_>) {
        let patience = self.patience * PATIENT;
        let attempt = attempt(up, patience, async |connection| self.script.run(connection, put).await);
        let done = traced(PUT, attempt);
        if let Err(fault) = done.await {
            self.fall(up, &fault);
        }
    }

    /// Takes the link down without a failure.
    pub(super) fn close(&self) {
        if let Some(up) = self.up()
            && self.take_down(&up)
        {
            self.fell.notify_one();
        }
    }

    /// Takes the link down for all callers, if it is this one.
    pub(super) fn fall(&self, up: &Arc<Up>, why: &CallError) {
        if self.take_down(up) {
            // The failure of a link that never worked is logged by the attempt to connect.
            if up.confirmed.get().is_some() {
                tracing::warn!(%why, "shared cache failed, circuit breaker opened");
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
    pub(super) fn connection(&self) -> MultiplexedConnection {
        self.connection.clone()
    }

    /// Returns whether the read of a value with this stamp from the store began while all changes were sent
    /// to Redis: after this link was confirmed, and within the lifetime of values. A stamp in the future was
    /// not made by the server.
    pub(super) fn trusts(&self, stamp: u64) -> bool {
        let Some((from, at)) = self.confirmed.get() else { return false };
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let now = from.saturating_add(micros(at.elapsed()));
        stamp > *from
            && stamp < now.saturating_add(micros(DRIFT))
            && stamp.saturating_add(micros(OLDEST)) > now
    }

    /// Counts a late call, unless it was in progress when the last one was counted: then one pause made both
    /// wait.
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

/// Records the span of an attempt.
async fn traced<T>(
    name: &'static str,
    attempt: impl Future<Output = Result<T, CallError>>,
) -> Result<T, CallError> {
    let mut span = trace::span(Kind::Client, || name);
    span.set("db.system.name", || "redis");
    let failure = |error: &CallError| if matches!(error, CallError::Late) { "timeout" } else { "redis" };
    attempt.await.inspect_err(|error| span.fail(failure(error)))
}

/// Creates a pool of one connection. Each server gets a new pool.
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
