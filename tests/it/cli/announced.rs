//! A command sends what it changed over Redis, so replicas need not wait for their change feed.

use deadpool_redis::redis::{AsyncConnectionConfig, Client, PushInfo, PushKind, RedisError, Value};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::user::{create, text};
use crate::support::Backend;
use crate::support::ports::free_port;
use crate::support::process::{Installation, within};
use crate::support::redis::{self, Namespace};

const ADA: &str = "ada@example.com";

/// Returns the messages of the channel on which replicas listen, and the connection that receives them.
async fn listen(namespace: &Namespace) -> (UnboundedReceiver<String>, impl Sized) {
    let (sender, messages) = unbounded_channel();
    let push = move |push: PushInfo| {
        if let (PushKind::Message, [_, Value::BulkString(text)]) = (&push.kind, push.data.as_slice()) {
            let _ = sender.send(String::from_utf8(text.clone()).unwrap());
        }
        Ok::<(), RedisError>(())
    };
    let client = Client::open(format!("{}/?protocol=resp3", namespace.redis.url)).unwrap();
    let config = AsyncConnectionConfig::new().set_push_sender(push);
    let mut connection = client.get_multiplexed_async_connection_with_config(&config).await.unwrap();
    connection.subscribe(format!("{}:changes", namespace.name)).await.unwrap();
    (messages, connection)
}

#[test]
fn a_change_is_announced_before_the_command_ends() {
    redis::run(async || {
        let namespace = Namespace::shared();
        let installation = Installation::migrated(Backend::Postgres)
            .await
            .set("SVC_CACHE__URL", &namespace.redis.url)
            .set("SVC_CACHE__NAMESPACE", &namespace.name)
            .set("SVC_CACHE__TIMEOUT", "10s");
        create(&installation, ADA, &[]);
        let session = installation.run(&["issue-token", "--user", ADA]).expect(0).json();
        let (mut messages, _connection) = listen(&namespace).await;
        let session = text(&session, "session_id");
        installation.run(&["session", "revoke", session, "--yes"]).expect(0);
        let revoked = within(messages.recv()).await.unwrap();
        assert!(revoked.starts_with(&format!("session {session} ")), "{revoked}");
        let user = installation.run(&["user", "lock", ADA, "--yes"]).expect(0).json();
        let locked = within(messages.recv()).await.unwrap();
        assert_eq!(locked, format!("user {} 2", text(&user, "id")));
        // A command that changes nothing does not connect.
        installation.run(&["user", "list"]).expect(0);
    });
}

#[test]
fn without_redis_the_change_is_made_and_a_warning_is_printed() {
    redis::run(async || {
        let installation = Installation::migrated(Backend::Postgres).await;
        create(&installation, ADA, &[]);
        let url = format!("redis://127.0.0.1:{}", free_port());
        let installation = installation.set("SVC_CACHE__URL", &url);
        let locked = installation.run(&["user", "lock", ADA, "--yes"]).expect(0);
        assert_eq!(locked.json()["status"], "locked");
        assert!(locked.stderr.contains("shared cache unavailable"), "{}", locked.stderr);
        assert_eq!(installation.run(&["user", "show", ADA]).expect(0).stderr, "");
    });
}
