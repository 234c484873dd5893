use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::process::until;
use crate::support::proxy::Proxy;
use crate::support::rabbit::{self, Admin};
use crate::support::{App, Backend};

/// Combines two URLs of proxies into one with both hosts.
fn both(first: &Proxy, second: &Proxy) -> String {
    let [first, second] = [first, second].map(|proxy| url::Url::parse(&proxy.url()).unwrap());
    let place = |url: &url::Url| format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    first.as_str().replacen(&place(&first), &format!("{},{}", place(&first), place(&second)), 1)
}

/// Registers a user, and waits until the event arrives at another service.
async fn an_event_is_published(app: &App, admin: &Admin, queue: &str) {
    let began = Instant::now();
    let user = app.register(&App::address()).await;
    until(async || {
        // For events that were rescheduled.
        app.clock.advance(Duration::from_millis(50));
        let Some(message) = admin.get(queue).await else { return false };
        let event: Value = serde_json::from_slice(&message.data).unwrap();
        event["subject"] == user["id"]
    })
    .await;
    // Shown with --nocapture.
    println!("an event is published after {:?}", began.elapsed());
}

#[test]
fn events_are_published_through_any_available_node() {
    rabbit::run(async |broker| {
        let [first, second] = [(); 2].map(|()| Proxy::before(&broker.url));
        let database = std::sync::Arc::new(Backend::Postgres.database().await);
        let (url, broker) = (database.url(), std::sync::Arc::new(broker));
        let app = App::start_between((database, &url), (broker.clone(), &both(&first, &second)), &[]).await;
        app.container.start_worker(true);
        until(async || app.container.ports.queue.as_ref().unwrap().is_up()).await;
        let admin = broker.admin().await;
        let others = admin.bind(&broker.exchange(), "user.registered").await;
        for (gone, left) in [(&first, &second), (&second, &first)] {
            left.up();
            gone.down();
            an_event_is_published(&app, &admin, &others).await;
        }
        // A node that accepts connections but does not answer is skipped too.
        second.up();
        first.freeze();
        an_event_is_published(&app, &admin, &others).await;
        app.stop().await;
    });
}
