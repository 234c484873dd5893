//! The content of Redis after a fault: no outdated value is used.

use deadpool_redis::redis::cmd;
use futures_util::future::join;
use svc::domain::{DisplayName, OneLine, UserId};
use svc::usecases::{Patch, Precondition, UserChanges};
use uuid::Uuid;

use super::{Replica, soon};
use crate::support::given;
use crate::support::redis::{self, Redis};

/// Renames a user, as an operator does.
async fn rename(replica: &Replica, id: UserId, name: &str) {
    let name = Patch::Set(DisplayName::parse(name).unwrap());
    let changes = UserChanges { name, ..UserChanges::default() };
    let update = &replica.app.container.use_cases.users.update;
    update.run(id, &changes, &Precondition::Any, given::operator()).await.unwrap();
}

async fn name(replica: &Replica, id: UserId) -> String {
    replica.find(id).await.unwrap().name.as_ref().unwrap().as_str().to_owned()
}

/// Makes a user called Old whose copy is in Redis.
async fn old(replica: &Replica) -> UserId {
    let mut id = UserId(Uuid::nil());
    // A value that was read while the change feed reports the change again is not put there.
    soon("Redis has a copy", async || {
        id = replica.stranger().await;
        rename(replica, id, "Old").await;
        assert_eq!(name(replica, id).await, "Old");
        replica.held(&replica.namespace().user(id.0)).await.is_some_and(|frame| frame.len() > 100)
    })
    .await;
    id
}

#[test]
fn values_from_before_redis_was_unreachable() {
    redis::run(async || {
        let replica = Replica::first(&Redis::shared()).await;
        let id = old(&replica).await;
        replica.proxy.down();
        replica.becomes("down").await;
        rename(&replica, id, "New").await;
        replica.proxy.up();
        replica.becomes("up").await;
        assert_eq!(name(&replica, id).await, "New");
        replica.stop().await;
    });
}

#[test]
fn values_from_before_a_replica_started() {
    redis::run(async || {
        let replica = Replica::first(&Redis::shared()).await;
        let id = old(&replica).await;
        replica.proxy.down();
        replica.becomes("down").await;
        rename(&replica, id, "New").await;
        let other = replica.another().await;
        assert_eq!(name(&other, id).await, "New");
        other.stop().await;
        replica.stop().await;
    });
}

#[test]
fn values_from_an_old_backup_of_redis() {
    redis::run_alone(async |server| {
        let replica = Replica::first(&server.redis).await;
        let id = old(&replica).await;
        server.save().await;
        server.kill();
        rename(&replica, id, "New").await;
        server.start_again().await;
        assert!(replica.held(&replica.namespace().user(id.0)).await.is_some(), "it is there again");
        replica.becomes("up").await;
        assert_eq!(name(&replica, id).await, "New");
        replica.stop().await;
    });
}

#[test]
fn values_that_reach_redis_late() {
    redis::run_alone(async |server| {
        let replica = Replica::hasty(&server.redis).await;
        replica.keeps_copies().await;
        let id = replica.stranger().await;
        let subscribers = async || -> String {
            server.redis.tell(cmd("CLIENT").arg("LIST").arg("TYPE").arg("PUBSUB")).await
        };
        // Its id, with a space after it.
        let connection = subscribers().await.split_inclusive(' ').next().unwrap().to_owned();
        // A reader has the old state, and its connection to Redis stalls.
        let mut held = replica.reads.hold(id.0);
        let in_between = async {
            held.read().await;
            replica.proxy.freeze();
            held.release();
        };
        join(replica.find(id), in_between).await;
        replica.becomes("down").await;
        rename(&replica, id, "New").await;
        // New connections pass before the bytes that the old one has sent.
        replica.proxy.stall();
        replica.becomes("up").await;
        replica.proxy.up();
        let closed = async || !subscribers().await.contains(&connection);
        soon("the late bytes have arrived", closed).await;
        assert_eq!(name(&replica, id).await, "New");
        replica.stop().await;
    });
}

/// Renames a user during a read, and makes Redis lose the invalidation before the read ends.
async fn forgetting(first: &Replica, writer: &Replica, forget: impl AsyncFnOnce(UserId)) {
    let id = first.stranger().await;
    let mut held = first.reads.hold(id.0);
    let in_between = async {
        held.read().await;
        rename(writer, id, "New").await;
        forget(id).await;
        held.release();
    };
    join(first.find(id), in_between).await;
    assert_eq!(name(writer, id).await, "New");
    soon("the replica that read shows it", async || name(first, id).await == "New").await;
    assert_eq!(name(first, id).await, "New");
}

#[test]
fn a_tombstone_that_was_evicted() {
    redis::run(async || {
        let replica = Replica::first(&Redis::shared()).await;
        let other = replica.another().await;
        replica.shares_with(&other).await;
        let evict = async |id: UserId| {
            let key = replica.namespace().user(id.0);
            assert!(replica.held(&key).await.is_some(), "there is one");
            replica.namespace().redis.tell::<()>(cmd("DEL").arg(key)).await;
        };
        forgetting(&replica, &replica, evict).await;
        forgetting(&replica, &other, evict).await;
        other.stop().await;
        replica.stop().await;
    });
}

#[test]
fn everything_was_removed() {
    redis::run_alone(async |server| {
        let replica = Replica::first(&server.redis).await;
        replica.keeps_copies().await;
        let id = old(&replica).await;
        let flush = async |_| server.redis.tell::<()>(&cmd("FLUSHALL")).await;
        forgetting(&replica, &replica, flush).await;
        assert_eq!(name(&replica, id).await, "Old");
        let other = replica.another().await;
        replica.shares_with(&other).await;
        other.stop().await;
        replica.stop().await;
    });
}

#[test]
fn the_script_was_removed() {
    redis::run_alone(async |server| {
        let replica = Replica::first(&server.redis).await;
        let other = replica.another().await;
        replica.shares_with(&other).await;
        server.redis.tell::<()>(cmd("SCRIPT").arg("FLUSH")).await;
        let id = old(&replica).await;
        let before = other.reads.count();
        assert_eq!(name(&other, id).await, "Old");
        assert_eq!(other.reads.count(), before, "the link was not taken down for it");
        rename(&other, id, "New").await;
        soon("the other one shows it", async || name(&replica, id).await == "New").await;
        other.stop().await;
        replica.stop().await;
    });
}

#[test]
fn a_subscription_that_was_killed() {
    redis::run_alone(async |server| {
        let replica = Replica::first(&server.redis).await;
        let other = replica.another().await;
        replica.shares_with(&other).await;
        let id = old(&replica).await;
        for number in 0..5 {
            let text = format!("Name {number}");
            replica.keeps_copies().await;
            name(&replica, id).await;
            let kill = cmd("CLIENT").arg("KILL").arg("TYPE").arg("PUBSUB").take();
            assert!(server.redis.tell::<i64>(&kill).await >= 1);
            rename(&other, id, &text).await;
            soon("it still receives the change", async || name(&replica, id).await == text).await;
            assert_eq!(name(&other, id).await, text);
        }
        replica.keeps_copies().await;
        other.stop().await;
        replica.stop().await;
    });
}
