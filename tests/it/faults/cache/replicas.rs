//! Changes made at one replica are shown by the others: through Redis at once, through the change feed if
//! Redis sends no message, and from the store if neither works.

use std::time::Duration;

use super::{Replica, soon};
use crate::support::app::Login;
use crate::support::proxy::Way;
use crate::support::redis::{self, Redis};
use crate::support::{App, Backend, both_backends};

/// Starts two replicas that both have a copy of the same user.
async fn start() -> (Replica, Replica, Login) {
    let writer = Replica::hasty(&Redis::shared()).await;
    let reader = writer.another().await;
    writer.shares_with(&reader).await;
    let (_, login) = writer.app.new_user().await;
    for replica in [&writer, &reader] {
        soon("it has a copy", async || {
            let before = replica.reads.count();
            replica.name(&login).await;
            replica.reads.count() == before
        })
        .await;
    }
    (writer, reader, login)
}

async fn shows(reader: &Replica, login: &Login, name: &str) {
    soon("a change is shown by the other replica", async || reader.name(login).await == name).await;
    assert_eq!(reader.name(login).await, name);
}

#[test]
fn redis_alone_announces_a_change() {
    redis::run(async || {
        let (writer, reader, login) = start().await;
        reader.reads.forbid_outbox();
        for name in ["Ada", "Grace", "Ada"] {
            writer.rename(&login, name).await;
            shows(&reader, &login, name).await;
            reader.keeps_copies().await;
        }
        reader.stop().await;
        writer.stop().await;
    });
}

#[test]
fn the_outbox_alone_announces_a_change() {
    redis::run(async || {
        let (writer, reader, login) = start().await;
        writer.proxy.down();
        writer.becomes("down").await;
        writer.rename(&login, "Ada").await;
        shows(&reader, &login, "Ada").await;
        // Nor does it find the old name in Redis later.
        reader.app.clock.advance(Duration::from_secs(6));
        reader.keeps_copies().await;
        assert_eq!(reader.name(&login).await, "Ada");
        reader.stop().await;
        writer.stop().await;
    });
}

#[test]
fn an_unannounced_change_is_seen_because_no_copy_is_trusted() {
    redis::run(async || {
        let (writer, reader, login) = start().await;
        writer.proxy.down();
        writer.becomes("down").await;
        reader.reads.forbid_outbox();
        writer.rename(&login, "Ada").await;
        reader.app.clock.advance(Duration::from_secs(5));
        assert_eq!(reader.name(&login).await, "Ada");
        reader.stop().await;
        writer.stop().await;
    });
}

#[test]
fn a_replica_without_messages_notices() {
    redis::run(async || {
        let (writer, reader, login) = start().await;
        reader.reads.forbid_outbox();
        reader.proxy.lose(Way::Answer);
        writer.rename(&login, "Ada").await;
        // Local copies are used without asking Redis, so only its beat shows the fault.
        shows(&reader, &login, "Ada").await;
        reader.stop().await;
        writer.stop().await;
    });
}

both_backends! {
    async fn replicas_without_redis_see_changes_through_the_outbox(backend: Backend) {
        let memory = ["cache.url=memory:"];
        let writer = App::start_with(backend, &memory, |builder| builder).await;
        let reader = writer.replica_with(&memory, |builder| builder).await;
        let (_, login) = writer.new_user().await;
        for name in ["Ada", "Grace", "Ada"] {
            reader.me(&login.access).await.expect(200);
            let (method, body) = (reqwest::Method::PATCH, serde_json::json!({ "name": name }));
            writer.client.send(method, "/api/v1/users/me", Some(&login.access), Some(&body)).await.expect(200);
            let shown = async || reader.me(&login.access).await.expect(200)["name"] == name;
            soon("a change is shown by the other replica", shown).await;
        }
        reader.stop().await;
        writer.stop().await;
    }
}
