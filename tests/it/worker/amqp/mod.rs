//! Events by way of RabbitMQ.
//!
//! **Here**: what others see of it (`published`), messages that nobody can take (`poison`), what an operator sees and does
//! (`operating`), and the ends of both sides (`starting`). What happens while the broker fails is in `faults::amqp`.

mod operating;
mod poison;
mod published;
mod starting;

use std::sync::Arc;

use super::until;
use crate::support::Backend;
use crate::support::app::App;
use crate::support::rabbit::Namespace;

/// The service with its worker, and what is its own at the broker.
async fn start() -> (App, Arc<Namespace>) {
    let app = App::start_queued(Backend::Postgres).await;
    app.container.start_worker(true);
    let broker = app.broker.clone().unwrap();
    (app, broker)
}

async fn audited(app: &App) -> usize {
    app.database.texts("SELECT type FROM audit").await.len()
}

async fn until_audited(app: &App, events: usize) {
    until(async || audited(app).await == events).await;
}

/// A message as the service publishes it.
fn message(id: &str) -> String {
    format!(r#"{{"specversion":"1.0","id":"{id}","source":"x","type":"svc.user.registered.v1"}}"#)
}
