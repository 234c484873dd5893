//! Events in RabbitMQ.
//!
//! **Here**: the messages that other services receive (`published`), messages that cannot be handled
//! (`poison`), the view and the commands of an operator (`operating`), and start and stop of service and
//! broker (`starting`). Faults of the broker are in `faults::amqp`.

mod operating;
mod poison;
mod published;
mod starting;

use std::sync::Arc;

use super::until;
use crate::support::Backend;
use crate::support::app::App;
use crate::support::rabbit::Namespace;

/// Starts the service with its worker, in a namespace of its own at the broker.
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

/// Returns a message in the form in which the service publishes it.
fn message(id: &str) -> String {
    format!(r#"{{"specversion":"1.0","id":"{id}","source":"x","type":"svc.user.registered.v1"}}"#)
}
