use std::sync::Arc;
use std::time::Duration;

use deadpool_redis::redis;
use futures_util::future::join_all;
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::draw::Draws;
use super::error::CallError;
use super::frame::{Frames, Read};
use super::link::listener::Listener;
use super::link::{Link, Up};
use super::message::Message;
use super::put::Put;
use super::record::Record;
use super::servers::Servers;
use crate::adapters::tokens::secret_key::SecretKeys;
use crate::config::{CacheSettings, RedisUrl};
use crate::domain::{Invalidation, SessionSnapshot, User};
use crate::ports::SharedCache;

/// How long a value or a tombstone lives. The jitter is added, so that values that were stored together do
/// not expire together. A tombstone lives longer than any read of the store takes.
const LIFE: Duration = Duration::from_secs(54);
const JITTER: Duration = Duration::from_secs(12);

/// The shared cache.
pub struct RedisClient {
    pub(super) namespace: String,
    frames: Frames,
    pub(super) draws: Draws,
    pub(super) link: Link,
    /// Set once it is decided how this process connects: it keeps the link up, or has tried to open it.
    connects: OnceCell<()>,
}

/// The result of a look-up in Redis.
pub(in crate::adapters) enum Lookup<T> {
    Found(T),
    /// No value that can be used. With the claim, the value of the store may be put there.
    Missing(Option<Claim>),
}

/// The content of a key before the read of a value from the store began. The value is stored only if the key
/// still has this content, so neither after a change, nor after Redis has lost one. It gets the stamp of the
/// claim, so a value that arrives late counts as old as it is.
pub(in crate::adapters) struct Claim(Vec<u8>);

impl RedisClient {
    /// Does not connect yet; [`keep_up`](Self::keep_up) does. The error contains no secret.
    pub fn new(
        url: &RedisUrl,
        settings: &CacheSettings,
        secrets: &SecretKeys,
        listener: Arc<dyn Listener>,
    ) -> Result<Self, String> {
        let servers = Servers(url.clone());
        let link = Link::new(servers, &settings.namespace, settings.timeout, listener);
        let link = link.map_err(|error| format!("{:?}", error.kind()))?;
        let (frames, draws) = (Frames::new(secrets), Draws::new(secrets.present()));
        Ok(Self { namespace: settings.namespace.clone(), frames, draws, link, connects: OnceCell::new() })
    }

    /// Leaves connecting to [`keep_up`](Self::keep_up).
    pub(in crate::adapters) fn is_kept_up(&self) {
        let _ = self.connects.set(());
    }

    /// Connects, and reconnects whenever necessary. Does not end.
    pub async fn keep_up(&self) {
        self.link.keep_up().await;
    }

    /// Closes the connection.
    pub fn close(&self) {
        self.link.close();
    }

    pub(in crate::adapters) fn state(&self) -> SharedCache {
        self.link.shown()
    }

    /// Looks up the value under an id.
    pub(in crate::adapters) async fn find<T: Record>(&self, id: Uuid) -> Lookup<T> {
        let Some(up) = self.link.confirmed() else { return Lookup::Missing(None) };
        let key = self.key(T::KIND, id);
        let get = redis::cmd("GET").arg(&key).take();
        // A value that is not a string is no answer either; it is overwritten.
        let answer = self.link.call(&up, "GET", async |connection| match get.query_async(connection).await {
            Err(error) if error.code() == Some("WRONGTYPE") => Ok(None),
            answer => answer,
        });
        let Some(held): Option<Option<Vec<u8>>> = answer.await else { return Lookup::Missing(None) };
        let held = held.unwrap_or_default();
        if let Some(found) = self.usable(id, &up, &held) {
            return found;
        }
        let claim = Put::claim(&key, life(id), &held);
        let Some(held) = self.link.put(&up, &claim).await else { return Lookup::Missing(None) };
        self.usable(id, &up, &held).unwrap_or_else(|| {
            if let Read::Tombstone(_) = self.frames.read::<T>(id, &held) {
                // It was stamped just now, so the server's clock was set.
                self.link.fall(&up, &CallError::OtherTime);
            }
            Lookup::Missing(None)
        })
    }

    /// Returns a value that can be trusted, or a tombstone that can serve as a claim.
    fn usable<T: Record>(&self, id: Uuid, up: &Up, held: &[u8]) -> Option<Lookup<T>> {
        match self.frames.read(id, held) {
            Read::Value(value, stamp) if up.trusts(stamp) => Some(Lookup::Found(value)),
            Read::Tombstone(stamp) if up.trusts(stamp) => Some(Lookup::Missing(Some(Claim(held.to_owned())))),
            Read::Value(..) | Read::Tombstone(_) => None,
            Read::Garbage => {
                if !held.is_empty() {
                    tracing::warn!(kind = T::KIND, %id, "invalid entry in the shared cache");
                }
                None
            }
        }
    }

    /// Stores a value whose read from the store began after this claim was made.
    pub(in crate::adapters) async fn keep<T: Record>(&self, value: &T, Claim(claim): &Claim) {
        let Some(up) = self.link.confirmed() else { return };
        let (key, body) = (self.key(T::KIND, value.id()), self.frames.body(value, claim));
        let put = Put::value(&key, value.version(), &body, life(value.id()), claim);
        self.link.put(&up, &put).await;
    }

    /// Invalidates older values, and sends the invalidation to the replicas. If Redis cannot be reached now,
    /// its values are not trusted later. A process that does not keep the link up connects now.
    pub(in crate::adapters) async fn invalidate(&self, what: &[Invalidation], announce: bool) {
        if announce {
            self.connects.get_or_init(async || self.link.open().await).await;
        }
        let Some(up) = self.link.up() else { return };
        join_all(what.iter().map(async |what| {
            let (kind, id, version) = match *what {
                Invalidation::User(id, version) => (User::KIND, id.0, version),
                Invalidation::Session(id, version) => (SessionSnapshot::KIND, id.0, version),
            };
            let key = self.key(kind, id);
            let mut put = Put::tombstone(&key, version, life(id));
            if announce {
                put = put.announcing(self.link.channel(), Message::Invalidation(*what).text());
            }
            self.link.insist(&up, &put).await;
        }))
        .await;
    }

    fn key(&self, kind: &str, id: Uuid) -> String {
        format!("{}:{kind}:{id}", self.namespace)
    }
}

/// The last byte of an id is random enough.
fn life(id: Uuid) -> Duration {
    LIFE + JITTER.mul_f64(f64::from(id.as_bytes()[15]) / 255.0)
}
