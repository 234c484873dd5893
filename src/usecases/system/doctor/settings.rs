use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::passwords::HashSettings;
use crate::domain::Network;
use crate::ports::events::BacklogReader;
use crate::ports::inspection::{
    BrokerInspector, CacheInspector, CollectorInspector, DatabaseInspector, HostInspector, Introductions,
    MailInspector, SiteInspector,
};
use crate::ports::store::RequestBacklogs;
use crate::ports::{Clock, KeyFactory, Migrations, PasswordHasher, Store, StoreProbe};

/// The ports of the checks.
pub struct DoctorPorts {
    /// The database.
    pub database: Arc<dyn DatabaseInspector>,
    /// Its schema.
    pub migrations: Arc<dyn Migrations>,
    /// Whether it takes writes.
    pub store_probe: Arc<dyn StoreProbe>,
    /// Its tables.
    pub store: Arc<dyn Store>,
    /// The events in it that wait.
    pub events: Arc<dyn BacklogReader>,
    /// The requests that a worker answers.
    pub requests: Arc<dyn RequestBacklogs>,
    /// The shared cache, if one is configured.
    pub cache: Option<Arc<dyn CacheInspector>>,
    /// The broker, if one is configured.
    pub broker: Option<Arc<dyn BrokerInspector>>,
    /// The mail server, if one is configured.
    pub mail: Option<Arc<dyn MailInspector>>,
    /// The collector of traces, if they are on.
    pub collector: Option<Arc<dyn CollectorInspector>>,
    /// The service at its public URL.
    pub site: Option<Arc<dyn SiteInspector>>,
    /// Recognizes the service there.
    pub introductions: Arc<dyn Introductions>,
    /// The machine.
    pub host: Arc<dyn HostInspector>,
    /// Signing keys.
    pub keys: Arc<dyn KeyFactory>,
    /// The password hasher.
    pub hasher: Arc<dyn PasswordHasher>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// The settings that the checks compare with.
#[derive(Clone, Debug)]
pub struct DoctorSettings {
    /// The database without its password, as a URL.
    pub database_url: String,
    /// The folder of an embedded database.
    pub data_folder: Option<PathBuf>,
    /// The folder that mails are written to instead of a mail server.
    pub mail_folder: Option<PathBuf>,
    /// The largest number of connections of one process to the database.
    pub connections: u32,
    /// Whether a pooler gives each transaction another session of the server.
    pub is_pooled: bool,
    /// Whether `database.direct_url` is set.
    pub has_direct_url: bool,
    /// The URL at which clients reach the service.
    pub public_url: String,
    /// The proxies whose forwarded client address is trusted.
    pub trusted_proxies: Vec<Network>,
    /// How long a connection to the database and a statement on it may take.
    pub database_wait: Duration,
    /// How long events are kept.
    pub keeps_events: Duration,
    /// How long the audit trail is kept; `None`: without end.
    pub keeps_audit: Option<Duration>,
    /// How long a signing key signs before the worker replaces it; `None` if an operator does.
    pub rotate_every: Option<Duration>,
    /// The cost of new password hashes.
    pub hash: HashSettings,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Settings with this many connections of each process.
    pub(in crate::usecases::system::doctor) fn settings(connections: u32, is_pooled: bool) -> DoctorSettings {
        let (memory_kib, iterations, workers, queue_wait) = (19_456, 2, 1, Duration::ZERO);
        DoctorSettings {
            database_url: String::new(),
            data_folder: None,
            mail_folder: None,
            connections,
            is_pooled,
            has_direct_url: false,
            public_url: String::new(),
            trusted_proxies: Vec::new(),
            database_wait: Duration::ZERO,
            keeps_events: Duration::ZERO,
            keeps_audit: None,
            rotate_every: None,
            hash: HashSettings { memory_kib, iterations, workers, queue_wait },
        }
    }
}
