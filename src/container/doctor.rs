//! The checks of `svc doctor`, run side by side.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use tokio::time::timeout;

use super::{Container, traces};
use crate::adapters::host::Machine;
use crate::adapters::site::Site;
use crate::api::middleware::Introduce;
use crate::config::{DatabaseUrl, MailUrl, Pooler};
use crate::domain::Network;
use crate::ports::inspection::{
    BrokerInspector, CacheInspector, CollectorInspector, MailInspector, SiteInspector,
};
use crate::usecases::{Doctor, DoctorCheck, DoctorPorts, DoctorSettings, Finding, HashSettings};

/// The time of a statement beyond the limits that the settings set.
const SPARE: Duration = Duration::from_secs(1);

impl Container {
    /// Measures and judges the service and its surroundings, and changes nothing. A check that fails, hangs
    /// or panics does not stop the others. The findings are in the order of the list of checks.
    pub async fn examine(&self) -> Vec<Finding> {
        let checks = self.doctor().checks();
        join_all(checks.iter().map(|check| examine(&**check))).await.into_iter().flatten().collect()
    }

    /// Answers the questions of doctors that have the same secret key.
    pub(super) fn introduce(&self) -> Introduce {
        let (introductions, clock) = (self.introductions.clone(), self.ports.clock.clone());
        Box::new(move |question, introduction| {
            let is_genuine = introductions.is_genuine(question, clock.now());
            is_genuine.then(|| introductions.answer(question, introduction))
        })
    }

    fn doctor(&self) -> Doctor {
        let store = Arc::new(self.store.clone());
        let ports = DoctorPorts {
            database: store.clone(),
            migrations: store.clone(),
            store_probe: store.clone(),
            store: self.ports.store.clone(),
            events: store.clone(),
            requests: store,
            cache: self.redis.clone().map(|redis| redis as Arc<dyn CacheInspector>),
            broker: self.broker.clone().map(|broker| broker as Arc<dyn BrokerInspector>),
            mail: self.smtp.clone().map(|smtp| smtp as Arc<dyn MailInspector>),
            collector: self.settings.traces.as_ref().map(|traces| {
                let collector: Arc<dyn CollectorInspector> = Arc::new(traces::collector(traces));
                collector
            }),
            site: Site::parse(&self.settings.server.public_url)
                .map(|site| Arc::new(site) as Arc<dyn SiteInspector>),
            introductions: self.introductions.clone(),
            host: Arc::new(Machine),
            keys: self.ports.keys.clone(),
            hasher: self.ports.hasher.clone(),
            clock: self.ports.clock.clone(),
        };
        let (database, password) = (&self.settings.database, &self.settings.security.password);
        let settings = DoctorSettings {
            database_url: database.url.to_string(),
            data_folder: match &database.url {
                DatabaseUrl::Sqlite(file) => Some(file.parent().unwrap_or(file).to_owned()),
                DatabaseUrl::Postgres(_) => None,
            },
            mail_folder: match &self.settings.mail.url {
                MailUrl::Dir(folder) => Some(folder.clone()),
                MailUrl::Log | MailUrl::Smtp(_) => None,
            },
            connections: database.max_connections,
            is_pooled: database.pooler == Pooler::Transaction,
            has_direct_url: database.direct_url.is_some(),
            public_url: self.settings.server.public_url.clone(),
            trusted_proxies: self.settings.server.trusted_proxies.iter().copied().map(Network::of).collect(),
            database_wait: database.acquire_timeout + database.statement_timeout + SPARE,
            keeps_events: self.settings.retention.events,
            keeps_audit: self.settings.retention.audit,
            rotate_every: self.settings.security.token.rotate_every,
            hash: HashSettings {
                memory_kib: password.memory_kib,
                iterations: password.iterations,
                workers: password.workers,
                queue_wait: password.queue_wait,
            },
        };
        Doctor::new(ports, settings)
    }
}

async fn examine(check: &dyn DoctorCheck) -> Vec<Finding> {
    let (name, limit) = (check.name(), check.limit());
    let failed = |measured: String| {
        let means = "whether this part of the service works is not known";
        vec![Finding::fail(
            name,
            measured,
            means,
            "run `svc doctor -v`, and look for what delays or ends the check",
        )]
    };
    match timeout(limit, AssertUnwindSafe(check.run()).catch_unwind()).await {
        Ok(Ok(findings)) => findings,
        Ok(Err(_)) => failed("the check ended with an internal error".to_owned()),
        Err(_) => failed(format!("no result within {} s", limit.as_secs())),
    }
}
