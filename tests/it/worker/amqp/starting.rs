use std::sync::Arc;

use lapin::options::QueueDeclareOptions;
use lapin::types::FieldTable;
use serde_json::{Value, json};

use super::{audited, until, until_audited};
use crate::support::app::App;
use crate::support::proxy::Proxy;
use crate::support::{Backend, rabbit};

async fn readiness(app: &App) -> (String, Value) {
    let health = app.client.get("/health/ready", None).await.expect(200);
    let queue = health["checks"].as_array().unwrap().iter().find(|check| check["name"] == "queue").unwrap();
    (health["status"].as_str().unwrap().to_owned(), queue["state"].clone())
}

async fn until_ready(app: &App, status: &str, queue: &str) {
    until(async || readiness(app).await == (status.to_owned(), json!(queue))).await;
}

#[test]
fn a_broker_that_starts_late_is_found_and_no_request_waits_for_it() {
    rabbit::run(async |broker| {
        let proxy = Proxy::before(&broker.url);
        proxy.down();
        let (database, way) = (Arc::new(Backend::Postgres.database().await), proxy.url());
        let url = database.url();
        let app = App::start_between((database, &url), (broker.into(), &way), &[]).await.cached().await;
        app.container.start_worker(true);
        assert_eq!(readiness(&app).await, ("degraded".to_owned(), json!("down")));
        app.register(&App::address()).await;
        let tried = "SELECT id::text FROM outbox WHERE attempts > 0 OR relayed_at IS NOT NULL";
        assert_eq!(app.database.texts(tried).await, [] as [String; 0]);
        proxy.up();
        until_audited(&app, 1).await;
        until_ready(&app, "ok", "up").await;
        proxy.down();
        until_ready(&app, "degraded", "down").await;
        proxy.up();
        until_ready(&app, "ok", "up").await;
        app.stop().await;
    });
}

#[test]
fn a_foreign_queue_is_reported_and_not_changed() {
    rabbit::run(async |broker| {
        let admin = broker.admin().await;
        let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
        admin.channel.queue_declare(broker.inbox().into(), durable, FieldTable::default()).await.unwrap();
        let (database, broker) = (Arc::new(Backend::Postgres.database().await), Arc::new(broker));
        let url = database.url();
        let app =
            App::start_between((database, &url), (broker.clone(), &broker.url), &[]).await.cached().await;
        app.container.start_worker(true);
        app.register(&App::address()).await;
        let letters = app.container.dead_letters().unwrap();
        let fault = letters.depth().await.unwrap_err().to_string();
        assert!(
            fault.contains("a queue or an exchange of this name with other properties")
                && fault.contains("inequivalent"),
            "{fault}"
        );
        assert_eq!(readiness(&app).await, ("degraded".to_owned(), json!("down")));
        assert_eq!(audited(&app).await, 0);
        admin.delete_queue(&broker.inbox()).await;
        until_audited(&app, 1).await;
        app.stop().await;
    });
}

#[test]
fn of_two_workers_one_consumes_and_the_other_takes_over() {
    rabbit::run(async |_| {
        let app = App::start_queued(Backend::Postgres).await;
        app.container.start_worker(true);
        let other = app.replica().await;
        other.container.start_worker(true);
        app.register(&App::address()).await;
        until_audited(&other, 1).await;
        let database = app.database.clone();
        app.container.close().await;
        other.register(&App::address()).await;
        until(async || database.texts("SELECT type FROM audit").await.len() == 2).await;
        other.stop().await;
        app.stop().await;
    });
}

#[test]
fn while_the_database_is_unreachable_no_message_is_lost_or_dead_lettered() {
    rabbit::run(async |broker| {
        let broker = Arc::new(broker);
        let database = Arc::new(Backend::Postgres.database().await);
        let proxy = Proxy::before(&database.url());
        let way = proxy.url();
        let app = App::start_between((database.clone(), &way), (broker.clone(), &broker.url), &[]).await;
        app.container.start_worker(true);
        app.register(&App::address()).await;
        until_audited(&app, 1).await;
        let event = database.texts("SELECT id::text FROM outbox").await.remove(0);
        database.execute("DELETE FROM inbox").await.unwrap();
        proxy.down();
        let admin = broker.admin().await;
        admin.publish("", &broker.inbox(), &super::message(&event)).await;
        until(async || admin.depth(&broker.inbox()).await == 0).await;
        // The message stays unacknowledged, however long that takes.
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert_eq!(database.texts("SELECT state FROM inbox").await, [] as [String; 0]);
        proxy.up();
        until(async || database.texts("SELECT state FROM inbox WHERE handler = 'audit'").await == ["done"])
            .await;
        assert_eq!(admin.depth(&broker.dead_letters()).await, 0);
        app.stop().await;
    });
}
