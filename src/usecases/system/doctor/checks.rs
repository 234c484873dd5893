use super::backlog::BacklogCheck;
use super::broker::BrokerCheck;
use super::cache::CacheCheck;
use super::check::DoctorCheck;
use super::collector::CollectorCheck;
use super::data_folder::FolderCheck;
use super::database::DatabaseCheck;
use super::mail::MailCheck;
use super::passwords::PasswordsCheck;
use super::settings::{DoctorPorts, DoctorSettings};
use super::signing_keys::SigningKeysCheck;
use super::site::SiteCheck;

/// The list of checks.
pub struct Doctor {
    ports: DoctorPorts,
    settings: DoctorSettings,
}

impl Doctor {
    /// Makes a doctor.
    #[must_use]
    pub const fn new(ports: DoctorPorts, settings: DoctorSettings) -> Self {
        Self { ports, settings }
    }

    /// Every check, in the order in which findings are shown. They can run side by side.
    #[must_use]
    pub fn checks(&self) -> Vec<Box<dyn DoctorCheck>> {
        let Self { ports, settings } = self;
        let mut checks: Vec<Box<dyn DoctorCheck>> = vec![
            Box::new(DatabaseCheck {
                database: ports.database.clone(),
                migrations: ports.migrations.clone(),
                store_probe: ports.store_probe.clone(),
                clock: ports.clock.clone(),
                settings: settings.clone(),
            }),
            Box::new(SigningKeysCheck {
                store: ports.store.clone(),
                keys: ports.keys.clone(),
                clock: ports.clock.clone(),
                wait: settings.database_wait,
                rotate_every: settings.rotate_every,
            }),
            Box::new(PasswordsCheck {
                hasher: ports.hasher.clone(),
                host: ports.host.clone(),
                clock: ports.clock.clone(),
                settings: settings.hash,
            }),
            Box::new(BacklogCheck {
                events: ports.events.clone(),
                requests: ports.requests.clone(),
                clock: ports.clock.clone(),
                wait: settings.database_wait,
            }),
        ];
        for (name, setting, folder) in [
            ("data_folder", "database.url", &settings.data_folder),
            ("mail_folder", "mail.url", &settings.mail_folder),
        ] {
            if let Some(path) = folder.clone() {
                checks.push(Box::new(FolderCheck { name, setting, path, host: ports.host.clone() }));
            }
        }
        if let Some(cache) = ports.cache.clone() {
            checks.push(Box::new(CacheCheck { cache }));
        }
        if let Some(broker) = ports.broker.clone() {
            checks.push(Box::new(BrokerCheck { broker }));
        }
        if let Some(mail) = ports.mail.clone() {
            checks.push(Box::new(MailCheck { mail }));
        }
        if let Some(collector) = ports.collector.clone() {
            checks.push(Box::new(CollectorCheck { collector }));
        }
        if let Some(site) = ports.site.clone() {
            checks.push(Box::new(SiteCheck {
                site,
                introductions: ports.introductions.clone(),
                clock: ports.clock.clone(),
                url: settings.public_url.clone(),
                trusted_proxies: settings.trusted_proxies.clone(),
            }));
        }
        checks
    }
}
