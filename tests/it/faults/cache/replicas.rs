//! What one replica is asked to change, the other ones show: by Redis at once, by the outbox when Redis tells them
//! nothing, and by the store when neither does.

use std::time::Duration;

use super::{Replica, soon};
use crate::support::app::Login;
use crate::support::proxy::Way;
use crate::support::redis::{self, Redis};
use crate::support::{App, Backend, both_backends};

/// Two replicas that both have copies of the same person.
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
fn redis_alone_tells_of_a_change() {
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
fn the_outbox_alone_tells_of_a_change() {
    redis::run(async || {
        let (writer, reader, login) = start().await;
        writer.proxy.down();
        writer.becomes("down").await;
        writer.rename(&login, "Ada").await;
        shows(&reader, &login, "Ada").await;
        // Nor does it find the old one in Redis later.
        reader.app.clock.advance(Duration::from_secs(6));
        reader.keeps_copies().await;
        assert_eq!(reader.name(&login).await, "Ada");
        reader.stop().await;
        writer.stop().await;
    });
}

#[test]
fn nobody_tells_of_a_change_so_nothing_is_believed() {
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
fn a_replica_that_hears_nothing_any_more_notices() {
    redis::run(async || {
        let (writer, reader, login) = start().await;
        reader.reads.forbid_outbox();
        reader.proxy.lose(Way::Answer);
        writer.rename(&login, "Ada").await;
        // What it has in this process is used without asking Redis, so nothing but its beat tells it.
        shows(&reader, &login, "Ada").await;
        reader.stop().await;
        writer.stop().await;
    });
}

both_backends! {
    async fn replicas_without_redis_tell_each_other_by_the_outbox(backend: Backend) {
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
