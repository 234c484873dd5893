//! What Redis holds, or forgets, after something went wrong: nothing that is out of date is believed.

use deadpool_redis::redis::cmd;
use futures_util::future::join;
use svc::domain::{Actor, DisplayName, UserId};
use svc::usecases::{Patch, Precondition, UserChanges};
use uuid::Uuid;

use super::{Replica, soon};
use crate::support::redis::{self, Redis};

/// Renames somebody, as an operator does.
async fn rename(replica: &Replica, id: UserId, name: &str) {
    let name = Patch::Set(DisplayName::parse(name).unwrap());
    let changes = UserChanges { name, ..UserChanges::default() };
    let update = &replica.app.container.use_cases.update_user;
    update.run(id, &changes, &Precondition::Any, Actor::Operator).await.unwrap();
}

async fn name(replica: &Replica, id: UserId) -> String {
    replica.find(id).await.unwrap().name.as_ref().unwrap().as_str().to_owned()
}

/// Somebody called Old, of whom Redis has a copy.
async fn old(replica: &Replica) -> UserId {
    let mut id = UserId(Uuid::nil());
    // What was read while the outbox told of the change once more is not put there.
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
fn what_redis_held_before_it_was_out_of_reach() {
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
fn what_redis_held_before_a_replica_was_there() {
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
fn what_redis_has_from_an_old_copy_of_itself() {
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
fn what_comes_to_redis_late() {
    redis::run_alone(async |server| {
        let replica = Replica::hasty(&server.redis).await;
        replica.keeps_copies().await;
        let id = replica.stranger().await;
        let subscribers = async || -> String {
            server.redis.tell(cmd("CLIENT").arg("LIST").arg("TYPE").arg("PUBSUB")).await
        };
        // Its number, with a space after it.
        let connection = subscribers().await.split_inclusive(' ').next().unwrap().to_owned();
        // A reader has the old state, and on its way to Redis the network stands still.
        let mut held = replica.reads.hold(id.0);
        let meanwhile = async {
            held.read().await;
            replica.proxy.freeze();
            held.release();
        };
        join(replica.find(id), meanwhile).await;
        replica.becomes("down").await;
        rename(&replica, id, "New").await;
        // New connections pass before what the old one has sent.
        replica.proxy.stall();
        replica.becomes("up").await;
        replica.proxy.up();
        let closed = async || !subscribers().await.contains(&connection);
        soon("what was late has come", closed).await;
        assert_eq!(name(&replica, id).await, "New");
        replica.stop().await;
    });
}

/// A read that is under way while somebody is renamed, and Redis forgets that before the read ends.
async fn forgetting(first: &Replica, writer: &Replica, forget: impl AsyncFnOnce(UserId)) {
    let id = first.stranger().await;
    let mut held = first.reads.hold(id.0);
    let meanwhile = async {
        held.read().await;
        rename(writer, id, "New").await;
        forget(id).await;
        held.release();
    };
    join(first.find(id), meanwhile).await;
    assert_eq!(name(writer, id).await, "New");
    soon("the one who read shows it", async || name(first, id).await == "New").await;
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
        assert_eq!(other.reads.count(), before, "nothing was given up for it");
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
            soon("it hears of it all the same", async || name(&replica, id).await == text).await;
            assert_eq!(name(&other, id).await, text);
        }
        replica.keeps_copies().await;
        other.stop().await;
        replica.stop().await;
    });
}
