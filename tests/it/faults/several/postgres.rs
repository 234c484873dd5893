use std::time::Instant;

use serde_json::json;

use crate::support::App;
use crate::support::app::PASSWORD;
use crate::support::postgres::{Pair, run_pair};
use crate::support::process::{Installation, Serving, until};
use crate::support::proxy::Proxy;

const USERS: &str = "SELECT count(*) FROM users";

/// Sets up the service with hosts in the order of these ports.
fn on(ports: [u16; 2], attributes: &str) -> Installation {
    let [first, second] = ports;
    let url = format!(
        "postgres://postgres@127.0.0.1:{first},127.0.0.1:{second}/postgres?sslmode=disable{attributes}"
    );
    Installation::default()
        .set("SVC_DATABASE__URL", &url)
        .set("SVC_DATABASE__MAX_CONNECTIONS", "3")
        .set("SVC_SECURITY__SECRET_KEY", "0123456789abcdefghijklmnopqrstuvwxyz")
        .set("SVC_SECURITY__PASSWORD__MEMORY_KIB", "8")
        .set("SVC_SECURITY__PASSWORD__ITERATIONS", "1")
        .set("SVC_LIMITS__ENABLED", "false")
        .set("SVC_SERVER__METRICS_LISTEN", "off")
}

/// Returns whether a registration succeeded.
async fn writes(serving: &Serving) -> bool {
    let body = json!({ "email": App::address(), "password": PASSWORD });
    let answer = serving.client.post("/api/v1/auth/register", &body).await;
    // Until then only 503 is allowed.
    assert!([201, 503].contains(&answer.status), "{}", answer.status);
    answer.status == 201
}

async fn until_it_writes(serving: &Serving, after: &str) {
    let began = Instant::now();
    until(async || writes(serving).await).await;
    // Shown with --nocapture.
    println!("it writes {:?} after {after}", began.elapsed());
}

fn migrate(ports: [u16; 2]) {
    let migrated = on(ports, "").set("SVC_DATABASE__ACQUIRE_TIMEOUT", "1m").run(&["migrate"]);
    migrated.expect(0);
}

#[test]
fn a_promoted_standby_replaces_a_crashed_primary() {
    run_pair(|mut pair: Pair| async move {
        // The first host is the standby, which refuses writes.
        let [primary, standby] = pair.ports();
        migrate([standby, primary]);
        let serving = on([standby, primary], "&target_session_attrs=read-write").serve();
        serving.ready().await;
        until_it_writes(&serving, "the start").await;
        pair.caught_up().await;
        let before = pair.standby_says(USERS).await;
        pair.crash_primary();
        let ready = async || serving.client.get("/health/ready", None).await.status;
        until(async || ready().await == 503).await;
        pair.promote().await;
        until_it_writes(&serving, "the promotion").await;
        until(async || ready().await == 200).await;
        assert!(pair.standby_says(USERS).await > before);
    });
}

#[test]
fn a_silent_primary_does_not_block_the_promoted_standby() {
    run_pair(|pair: Pair| async move {
        let [primary, standby] = pair.ports();
        let url = format!("postgres://postgres@127.0.0.1:{primary}/postgres?sslmode=disable");
        let silent = Proxy::before(&url);
        let port = url::Url::parse(&silent.url()).unwrap().port().unwrap();
        migrate([port, standby]);
        let serving = on([port, standby], "").serve();
        serving.ready().await;
        until_it_writes(&serving, "the start").await;
        pair.caught_up().await;
        silent.freeze();
        pair.promote().await;
        let before = pair.standby_says(USERS).await;
        until_it_writes(&serving, "the promotion").await;
        assert!(pair.standby_says(USERS).await > before, "it was not written to the new primary");
    });
}

#[test]
fn the_url_decides_which_hosts_are_used() {
    run_pair(|pair: Pair| async move {
        let [primary, standby] = pair.ports();
        let run = |attributes: &str| {
            let installation = on([standby, primary], attributes).set("SVC_DATABASE__ACQUIRE_TIMEOUT", "1m");
            installation.run(&["migrate"])
        };
        run("&target_session_attrs=any").refused(69, &["read-only"]);
        run("&target_session_attrs=primary").expect(0);
        pair.caught_up().await;
        run("").expect(0);
        let none = on([standby, standby], "").set("SVC_DATABASE__ACQUIRE_TIMEOUT", "1m").run(&["migrate"]);
        none.refused(69, &[&format!("127.0.0.1:{standby}: "), "the server is a standby"]);
    });
}
