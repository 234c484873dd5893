//! The copies that all replicas share, in Redis.
//!
//! **Here**: [`RedisClient`]. A value (`record`) lies under its id in a frame that tells whether it can be trusted
//! (`frame`); one script writes, and never something older over something newer (`put`); changes are told on a channel
//! (`message`); which server that is (`servers`) and why it is not used (`fault`); rate limits that replicas share (`draw`); and all of it goes by one connection that is given up for a while
//! when it is late (`link`).
//!
//! **May use**: `ports`, `domain`, [`SecretKeys`] and deadpool-redis, whose `redis` it takes.
//!
//! **To keep another kind**: its `Record`, with a number in the name of its kind that changes with its shape.

mod draw;
mod error;
mod frame;
mod link;
mod message;
mod put;
mod record;
mod servers;

use std::sync::Arc;
use std::time::Duration;

use deadpool_redis::redis;
use futures_util::future::join_all;
use uuid::Uuid;

use self::draw::Draws;
pub use self::draw::SharedDraw;
use self::error::CallError;
use self::frame::{Frames, Read};
pub use self::link::Listener;
use self::link::{Link, Up};
use self::message::Message;
use self::put::Put;
pub(in crate::adapters) use self::record::Record;
pub use self::servers::{RedisLogin, RedisSentinel, RedisServers};
use crate::adapters::tokens::secret_key::SecretKeys;
use crate::domain::{Invalidation, SessionSnapshot, User};
use crate::ports::SharedCache;

/// How long a value or a tombstone lives, and how much of that is left to chance, so that what was put at once does not
/// end at once. A tombstone lives longer than any read of the store takes.
const LIFE: Duration = Duration::from_secs(54);
const JITTER: Duration = Duration::from_secs(12);

/// Where Redis is and how long it may take.
#[derive(Clone, Debug)]
pub struct RedisSettings {
    /// Which server, and as whom.
    pub servers: RedisServers,
    /// What every key and the channel begin with.
    pub namespace: String,
    /// How long one call may take.
    pub timeout: Duration,
}

/// The copies in Redis.
pub struct RedisClient {
    namespace: String,
    frames: Frames,
    draws: Draws,
    link: Link,
}

/// What Redis has under an id.
pub(in crate::adapters) enum Lookup<T> {
    CachedCopy(T),
    /// Nothing that can be used. With the claim, what the store has may be put there.
    Missing(Option<Claim>),
}

/// What lay in Redis before a value began to be read from the store. The value is put only in its place, so neither after
/// a change, nor after Redis has forgotten one; and with its stamp, so what comes late is as old as it is.
pub(in crate::adapters) struct Claim(Vec<u8>);

impl RedisClient {
    /// Connects to nothing yet; [`keep_up`](Self::keep_up) does. The text of a refusal holds no secret.
    pub fn new(
        settings: &RedisSettings,
        secrets: &SecretKeys,
        listener: Arc<dyn Listener>,
    ) -> Result<Self, String> {
        let link = Link::new(&settings.servers, &settings.namespace, settings.timeout, listener);
        let link = link.map_err(|error| format!("{:?}", error.kind()))?;
        let (frames, draws) = (Frames::new(secrets), Draws::new(secrets.present()));
        Ok(Self { namespace: settings.namespace.clone(), frames, draws, link })
    }

    /// Connects, and connects again whenever that is needed, for ever.
    pub async fn keep_up(&self) {
        self.link.keep_up().await;
    }

    /// Lets the connection go.
    pub fn close(&self) {
        self.link.close();
    }

    pub(in crate::adapters) fn state(&self) -> SharedCache {
        self.link.shown()
    }

    /// What is kept under an id.
    pub(in crate::adapters) async fn find<T: Record>(&self, id: Uuid) -> Lookup<T> {
        let Some(up) = self.link.proven() else { return Lookup::Missing(None) };
        let key = self.key(T::KIND, id);
        let get = redis::cmd("GET").arg(&key).take();
        // Something that is no string is no answer either; it is overwritten.
        let answer = self.link.call(&up, async |connection| match get.query_async(connection).await {
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
                // It was stamped just now.
                self.link.fall(&up, &CallError::OtherTime);
            }
            Lookup::Missing(None)
        })
    }

    /// A value that can be trusted, or a tombstone that can be taken for a claim.
    fn usable<T: Record>(&self, id: Uuid, up: &Up, held: &[u8]) -> Option<Lookup<T>> {
        match self.frames.read(id, held) {
            Read::Value(value, stamp) if up.trusts(stamp) => Some(Lookup::CachedCopy(value)),
            Read::Tombstone(stamp) if up.trusts(stamp) => Some(Lookup::Missing(Some(Claim(held.to_owned())))),
            Read::Value(..) | Read::Tombstone(_) => None,
            Read::Garbage => {
                if !held.is_empty() {
                    tracing::warn!(kind = T::KIND, %id, "what Redis holds is not what was put there");
                }
                None
            }
        }
    }

    /// Keeps a value whose reading from the store began after this claim was made.
    pub(in crate::adapters) async fn keep<T: Record>(&self, value: &T, Claim(claim): &Claim) {
        let Some(up) = self.link.proven() else { return };
        let (key, body) = (self.key(T::KIND, value.id()), self.frames.body(value, claim));
        let put = Put::value(&key, value.version(), &body, life(value.id()), claim);
        self.link.put(&up, &put).await;
    }

    /// Has no older value used any more, and tells the other replicas. When Redis cannot be told now, it is not trusted
    /// later.
    pub(in crate::adapters) async fn invalidate(&self, what: &[Invalidation], tell: bool) {
        let Some(up) = self.link.up() else { return };
        join_all(what.iter().map(async |what| {
            let (kind, id, version) = match *what {
                Invalidation::User(id, version) => (User::KIND, id.0, version),
                Invalidation::Session(id, version) => (SessionSnapshot::KIND, id.0, version),
            };
            let key = self.key(kind, id);
            let mut put = Put::tombstone(&key, version, life(id));
            if tell {
                put = put.telling(self.link.channel(), Message::Invalidation(*what).text());
            }
            self.link.insist(&up, &put).await;
        }))
        .await;
    }

    fn key(&self, kind: &str, id: Uuid) -> String {
        format!("{}:{kind}:{id}", self.namespace)
    }
}

/// The last byte of an id is chance enough.
fn life(id: Uuid) -> Duration {
    LIFE + JITTER.mul_f64(f64::from(id.as_bytes()[15]) / 255.0)
}
