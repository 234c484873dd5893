use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{ErrorKind, RedisError, Value, cmd};
use deadpool_redis::{Connection, PoolError};
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use super::{CONNECT, LATE, Link, PATIENT, Up, attempt, pool};
use crate::adapters::cache::redis::error::CallError;
use crate::adapters::cache::redis::frame::stamp;
use crate::adapters::cache::redis::message::Message;
use crate::adapters::cache::redis::put::Put;
use crate::adapters::system::random;
use crate::ports::SharedCache;
use crate::tasks::Backoff;

/// How often a replica checks that it still receives messages of the channel.
const BEAT: Duration = Duration::from_millis(500);
/// The longest time between a failed attempt and the next one. It does not grow: a replica without the shared
/// cache asks the database instead.
const RETRY: Backoff = Backoff::new(Duration::from_millis(600), Duration::from_millis(600));
/// After how many beats Sentinels are asked whether the server is still the master. A former master keeps its
/// connections if only the Sentinels lost contact to it.
const ASK: u32 = 4;
/// How long the probe's key lives.
const PROBE_LIFE: Duration = Duration::from_mins(1);

impl Link {
    /// Keeps the link up. Does not end.
    pub(in crate::adapters::cache::redis) async fn keep_up(&self) {
        let mut reported = None;
        loop {
            let risen = self.rise().await;
            let ended = risen.as_ref().map_or_else(CallError::state, |_| SharedCache::Used);
            *self.ended.write().unwrap_or_else(PoisonError::into_inner) = ended.clone();
            match risen {
                Ok((pooled, up, address)) => {
                    tracing::info!("shared cache connected");
                    reported = None;
                    self.watch(&up, &address).await;
                    // A connection that failed is not returned to the pool.
                    drop(Connection::take(pooled));
                }
                Err(why) => {
                    // Logs each cause once: an operator who fixes one cause sees the next.
                    if reported.as_ref() != Some(&ended) {
                        tracing::warn!(%why, "shared cache unavailable, using the database");
                    }
                    reported = Some(ended);
                }
            }
            sleep(RETRY.after(1, random::<1>()[0])).await;
        }
    }

    /// Connects a process that does not keep the link up, such as a command. It only sends changes, so
    /// nothing is proved.
    pub(in crate::adapters::cache::redis) async fn open(&self) {
        match timeout(CONNECT, self.connect()).await.unwrap_or(Err(CallError::Late)) {
            // The link holds the connection.
            Ok((pooled, ..)) => drop(Connection::take(pooled)),
            Err(why) => tracing::warn!(%why, "shared cache unavailable, replicas learn of the change later"),
        }
    }

    /// Connects, and proves that the connection works.
    pub(in crate::adapters::cache::redis) async fn rise(
        &self,
    ) -> Result<(Connection, Arc<Up>, (String, u16)), CallError> {
        let (pooled, up, address) = self.connect().await?;
        match self.prove(&up).await {
            Ok(()) => Ok((pooled, up, address)),
            Err(fault) => {
                self.take_down(&up);
                drop(Connection::take(pooled));
                Err(fault)
            }
        }
    }

    /// Connects to the master. From then on changes are sent to Redis. The probe comes after that: so each
    /// change was either sent, or made before the time from which on values are trusted.
    async fn connect(&self) -> Result<(Connection, Arc<Up>, (String, u16)), CallError> {
        let address = self.servers.master().await.map_err(CallError::Away)?;
        let pool = pool(self.servers.connection(&address)?, &self.config)?;
        let pooled = pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => error.into(),
            error => CallError::Away(error.to_string()),
        })?;
        let connection = pooled.as_ref().clone();
        let up = Arc::new(Up { connection, confirmed: OnceLock::new(), late: Mutex::default() });
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&up));
        Ok((pooled, up, address))
    }

    /// Checks that Redis answers in time, delivers messages and takes writes, and that the user has every
    /// right that is needed later. A missing right that shows only later would take the link down and up
    /// without end.
    async fn prove(&self, up: &Arc<Up>) -> Result<(), CallError> {
        self.prove_kind(up).await?;
        let life = PROBE_LIFE.as_millis().to_string();
        // The commands of the scripts are tried separately too: for a script, Redis does not say which
        // command is forbidden.
        for (command, arguments) in [
            ("TIME", vec![]),
            ("DEL", vec![self.probe.as_str()]),
            ("SET", vec![&self.probe, "", "PX", &life]),
            ("GET", vec![&self.probe]),
        ] {
            let trying = async |connection: &mut MultiplexedConnection| {
                cmd(command).arg(arguments).query_async::<Value>(connection).await
            };
            attempt(up, self.patience, trying).await?;
        }
        attempt(up, self.patience, async |connection| connection.subscribe(&self.channel).await).await?;
        self.beat(up, self.patience).await?;
        let probe = Put::probe(&self.probe, PROBE_LIFE);
        let frame =
            attempt(up, self.patience, async |connection| self.script.run(connection, &probe).await).await?;
        let now = stamp(&frame).ok_or_else(|| {
            CallError::Refused(RedisError::from((ErrorKind::UnexpectedReturnType, "the probe has no time")))
        })?;
        // A change that could not be sent may have taken the link down in the meantime.
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        if !state.as_ref().is_some_and(|now| Arc::ptr_eq(now, up)) {
            return Err(CallError::Late);
        }
        self.listener.hears();
        let _ = up.confirmed.set((now, Instant::now()));
        Ok(())
    }

    /// Sends beats until the link is down.
    ///
    /// Late beats take the link down like late calls, so a process that reads nothing from a slow server
    /// notices it within seconds, and not with the first reads of its clients.
    async fn watch(&self, up: &Arc<Up>, address: &(String, u16)) {
        let (mut late, mut beats) = (0, 0_u32);
        while self.up().is_some_and(|now| Arc::ptr_eq(&now, up)) {
            tokio::select! {
                () = sleep(BEAT) => {}
                () = self.heard.closed.notified() => {}
                () = self.fell.notified() => continue,
            }
            let began = Instant::now();
            if let Err(fault) = self.beat(up, self.patience * PATIENT).await {
                self.fall(up, &fault);
            }
            late = if began.elapsed() > self.patience { late + 1 } else { 0 };
            if late == LATE {
                self.fall(up, &CallError::Late);
            }
            beats = beats.wrapping_add(1);
            if self.servers.has_sentinels()
                && beats.is_multiple_of(ASK)
                && self.servers.master().await.is_ok_and(|master| master != *address)
            {
                self.fall(up, &CallError::Moved);
            }
        }
    }

    /// Checks that this is a server of the kind that the cache needs. `HELLO` needs no right.
    async fn prove_kind(&self, up: &Arc<Up>) -> Result<(), CallError> {
        let hello = attempt(up, self.patience, async |connection| {
            cmd("HELLO").query_async::<HashMap<String, Value>>(connection).await
        })
        .await?;
        let says = |name: &str, wanted: &str| match hello.get(name) {
            Some(Value::BulkString(said)) => said == wanted.as_bytes(),
            Some(Value::SimpleString(said)) => said == wanted,
            _ => false,
        };
        if says("mode", "cluster") {
            Err(CallError::Cluster)
        } else if says("mode", "sentinel") {
            Err(CallError::Sentinel)
        } else if says("role", "replica") || says("role", "slave") {
            Err(CallError::Replica)
        } else {
            Ok(())
        }
    }

    /// Publishes a message and waits until it comes back: the same way that messages of other replicas take.
    async fn beat(&self, up: &Arc<Up>, patience: Duration) -> Result<(), CallError> {
        let beat = Uuid::from_bytes(random());
        self.heard.beat.send_replace((beat, false));
        let mut heard = self.heard.beat.subscribe();
        let text = Message::Beat(beat).text();
        attempt(up, patience, async |connection| {
            cmd("PUBLISH").arg(&self.channel).arg(text).query_async::<()>(connection).await
        })
        .await?;
        match timeout(patience, heard.wait_for(|(_, came)| *came)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(CallError::Late),
        }
    }
}
