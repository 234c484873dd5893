use std::sync::Arc;

use crate::ports::events::{BacklogReader, DeadLetters, EventLog, EventReplayer, History, Transport};
use crate::ports::store::HashCensusStore;
use crate::ports::{
    AccessTokens, BanList, Cache, Clock, Decoys, Ids, KeyFactory, MailTokens, Migrations, PasswordHasher,
    RateLimiter, RefreshTokens, SecurityLog, Store, StoreProbe,
};

/// The ports of all use cases.
#[derive(Clone)]
pub struct Ports {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Cached users and session snapshots.
    pub cache: Arc<dyn Cache>,
    /// The bans that have not ended.
    pub bans: Arc<dyn BanList>,
    /// The broker, if one is configured.
    pub queue: Option<Arc<dyn Transport>>,
    /// The dead letters of the broker, if one is configured.
    pub dead_letters: Option<Arc<dyn DeadLetters>>,
    /// The stored events and their inbox entries.
    pub event_log: Arc<dyn EventLog>,
    /// Replays stored events.
    pub event_replayer: Arc<dyn EventReplayer>,
    /// The events that wait.
    pub backlog: Arc<dyn BacklogReader>,
    /// The past of users and sessions.
    pub history: Arc<dyn History>,
    /// The schema of the database.
    pub migrations: Arc<dyn Migrations>,
    /// Checks whether the database accepts writes.
    pub store_probe: Arc<dyn StoreProbe>,
    /// The password hasher.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Chooses decoys for email addresses without an account.
    pub decoys: Arc<dyn Decoys>,
    /// The count of password hashes by cost.
    pub hash_census: Arc<dyn HashCensusStore>,
    /// Rate limits.
    pub limiter: Arc<dyn RateLimiter>,
    /// The log of security decisions.
    pub security_log: Arc<dyn SecurityLog>,
    /// Access tokens.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Refresh tokens.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// Mailed tokens.
    pub mail_tokens: Arc<dyn MailTokens>,
    /// Signing keys.
    pub keys: Arc<dyn KeyFactory>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and salts.
    pub ids: Arc<dyn Ids>,
}
