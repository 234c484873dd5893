use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use deadpool_redis::redis::{ErrorKind, RedisError, cmd};
use deadpool_redis::{Connection, PoolError};
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use super::{Fault, LATE, Link, PATIENT, Up, attempt};
use crate::adapters::redis::frame::stamp;
use crate::adapters::redis::message::Message;
use crate::adapters::redis::put::Put;
use crate::adapters::system::random;

/// How often a replica asks itself whether it still hears the channel.
const BEAT: Duration = Duration::from_millis(500);
/// How long after a failed attempt comes the next one: at least, and as much again by chance, so that replicas do not
/// come back all at once.
const RETRY: Duration = Duration::from_millis(300);
/// How long the probe's key lives.
const PROBE_LIFE: Duration = Duration::from_mins(1);

impl Link {
    /// Keeps the link up, for ever.
    pub(in crate::adapters::redis) async fn keep_up(&self) {
        let mut told = false;
        loop {
            match self.rise().await {
                Ok((pooled, up)) => {
                    tracing::info!("the cache in Redis is in use");
                    told = false;
                    self.watch(&up).await;
                    // A connection that failed is not given back.
                    drop(Connection::take(pooled));
                }
                Err(why) if !told => {
                    tracing::warn!(%why, "no cache in Redis: the database answers instead; trying again");
                    told = true;
                }
                Err(_) => {}
            }
            sleep(RETRY + RETRY.mul_f64(f64::from(random::<1>()[0]) / 255.0)).await;
        }
    }

    async fn rise(&self) -> Result<(Connection, Arc<Up>), String> {
        let pooled = self.pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => error.to_string(),
            error => error.to_string(),
        })?;
        let connection = pooled.as_ref().clone();
        let up = Arc::new(Up { connection, proven: OnceLock::new(), late: Mutex::default() });
        // From here on changes are told to Redis. The probe comes after: so each change was either told, or made before
        // the moment from which on values are trusted.
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&up));
        match self.prove(&up).await {
            Ok(()) => Ok((pooled, up)),
            Err(fault) => {
                self.take_down(&up);
                drop(Connection::take(pooled));
                Err(fault.to_string())
            }
        }
    }

    /// Shows that Redis answers in time, delivers messages and takes writes.
    async fn prove(&self, up: &Arc<Up>) -> Result<(), Fault> {
        attempt(up, self.patience, async |connection| connection.subscribe(&self.channel).await).await?;
        self.beat(up, self.patience).await?;
        let probe = Put::probe(&self.probe, PROBE_LIFE);
        let frame =
            attempt(up, self.patience, async |connection| self.script.run(connection, &probe).await).await?;
        let now = stamp(&frame).ok_or_else(|| {
            Fault::Refused(RedisError::from((ErrorKind::UnexpectedReturnType, "the probe has no stamp")))
        })?;
        // It may have been taken down meanwhile, by a change that could not be told.
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        if !state.as_ref().is_some_and(|now| Arc::ptr_eq(now, up)) {
            return Err(Fault::Late);
        }
        self.listener.hears();
        let _ = up.proven.set((now, Instant::now()));
        Ok(())
    }

    /// Beats until the link is down.
    ///
    /// Beats that are late take the link down as late calls do: a server that is slow is noticed within seconds by a
    /// process that reads nothing from it, and not by the first reads of its clients.
    async fn watch(&self, up: &Arc<Up>) {
        let mut late = 0;
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
                self.fall(up, &Fault::Late);
            }
        }
    }

    /// Publishes a message and waits for it to come back: the whole way that the other replicas' messages take.
    async fn beat(&self, up: &Arc<Up>, patience: Duration) -> Result<(), Fault> {
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
            Ok(Err(_)) | Err(_) => Err(Fault::Late),
        }
    }
}
