use std::time::{Duration, Instant};

use serde_json::Value;

use super::mute::MuteProxy;
use crate::support::process::until;
use crate::support::proxy::Proxy;
use crate::support::rabbit::{self, Admin};
use crate::support::{App, Backend};

/// Returns the host and the port of this URL of the broker.
fn place(url: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5672))
}

/// Combines two URLs of proxies into one with both hosts.
fn both(first: &Proxy, second: &Proxy) -> String {
    let [first, second] = [first.url(), second.url()];
    first.replacen(&place(&first), &format!("{},{}", place(&first), place(&second)), 1)
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
        until(async || app.container.is_broker_up()).await;
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

/// Heartbeats that go on, as those of a node that is stuck behind its network do, hide that it is silent.
#[test]
fn a_node_that_sends_only_heartbeats_is_left_by_both_connections() {
    rabbit::run(async |broker| {
        let server = tokio::net::lookup_host(place(&broker.url)).await.unwrap().next().unwrap();
        let proxies = [MuteProxy::before(server).await, MuteProxy::before(server).await];
        let places = proxies.each_ref().map(|proxy| format!("127.0.0.1:{}", proxy.port));
        let mut url = url::Url::parse(&broker.url).unwrap();
        url.set_ip_host([127, 0, 0, 1].into()).unwrap();
        url.set_port(Some(proxies[0].port)).unwrap();
        let url = url.as_str().replacen(&places[0], &places.join(","), 1);
        let database = std::sync::Arc::new(Backend::Postgres.database().await);
        let (of_database, broker) = (database.url(), std::sync::Arc::new(broker));
        let app = App::start_between((database, &of_database), (broker.clone(), &url), &[]).await;
        app.container.start_worker(true);
        // One publishes, and one consumes. They begin at any of the nodes.
        until(async || proxies.iter().any(|proxy| proxy.open() == 2)).await;
        until(async || app.container.is_broker_up()).await;
        let [silent, other] = if proxies[0].open() == 2 { [0, 1] } else { [1, 0] };
        let (silent, other) = (&proxies[silent], &proxies[other]);
        silent.mute();
        // Nothing is published: no confirmation is missing.
        let began = Instant::now();
        until(async || other.open() == 2).await;
        // Shown with --nocapture.
        println!("both connections are at the other node after {:?}", began.elapsed());
        let admin = broker.admin().await;
        let others = admin.bind(&broker.exchange(), "user.registered").await;
        an_event_is_published(&app, &admin, &others).await;
        app.stop().await;
    });
}
