//! Starts the service with its events published to RabbitMQ.

use std::ffi::OsString;
use std::sync::Arc;

use svc::container::builder::Builder;

use super::{App, Ground};
use crate::support::{Backend, TestDatabase, environment, rabbit};

impl App {
    /// Starts the service; its events are published to RabbitMQ if the database is a server too.
    pub async fn start_queued(backend: Backend) -> Self {
        Self::start_queued_with(backend, &[], |builder| builder).await
    }

    /// Starts the service with events in RabbitMQ as above, with settings as `KEY=VALUE` and with ports
    /// replaced.
    pub async fn start_queued_with(
        backend: Backend,
        settings: &[&str],
        replace: impl FnOnce(Builder<'_>) -> Builder<'_>,
    ) -> Self {
        let mut ground = Ground::new(backend.database().await.into()).await;
        match (backend, rabbit::look().await) {
            (Backend::Sqlite, _) => {}
            (Backend::Postgres, Ok(())) => {
                let broker = rabbit::Namespace::shared();
                let url = broker.url.clone();
                ground.broker = Some((broker.into(), url));
            }
            (Backend::Postgres, Err(missing)) => environment::lessen(missing),
        }
        let url = ground.database.url();
        Self::on(ground, &url, settings, replace).await
    }

    /// Starts the service on a database and a broker that it reaches by these URLs.
    pub async fn start_between(
        database: (Arc<TestDatabase>, &str),
        broker: (Arc<rabbit::Namespace>, &str),
        settings: &[&str],
    ) -> Self {
        let mut ground = Ground::new(database.0).await;
        ground.broker = Some((broker.0, broker.1.to_owned()));
        Self::on(ground, database.1, settings, |builder| builder).await
    }
}

impl Ground {
    /// Returns the environment of its process. A URL with a password is refused on a command line.
    pub(super) fn environment(&self, database: &str) -> Vec<(OsString, OsString)> {
        let own = [
            ("SVC_DATABASE__URL", database.to_owned()),
            ("SVC_SECURITY__SECRET_KEY", "0123456789abcdefghijklmnopqrstuvwxyz".to_owned()),
        ];
        let queue = self.broker.iter().flat_map(|(broker, url)| broker.variables(url));
        own.into_iter().chain(queue).map(|(name, value)| (name.into(), value.into())).collect()
    }
}
