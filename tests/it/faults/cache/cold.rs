//! Reads of values that are not cached yet, and of values that do not exist.

use std::time::Duration;

use deadpool_redis::redis::cmd;
use futures_util::future::{join, join_all};
use svc::domain::{EventKind, UserId};

use super::{Replica, soon};
use crate::support::redis::{self, Redis};
use crate::support::{App, given};

/// How many callers ask for the same id at the same moment.
const CROWD: usize = 5_000;

#[test]
fn many_requests_for_one_user_are_one_read() {
    redis::run(async || {
        let one = Replica::first(&Redis::shared()).await;
        let other = one.another().await;
        one.shares_with(&other).await;
        for _ in 0..3 {
            let id = one.stranger().await;
            join_all([&one, &other].map(async |replica| {
                let before = replica.reads.count();
                let crowd = join_all((0..CROWD).map(async |_| replica.find(id).await.unwrap()));
                let first = crowd.await.pop().unwrap();
                assert_eq!(first.id, id);
                let read = replica.reads.count() - before;
                assert!(read <= 1, "{read} reads");
            }))
            .await;
        }
        other.stop().await;
        one.stop().await;
    });
}

#[test]
fn many_requests_wait_for_one_slow_read_and_start_no_other() {
    redis::run(async || {
        let replica = Replica::first(&Redis::shared()).await;
        replica.keeps_copies().await;
        let (id, before) = (replica.stranger().await, replica.reads.count());
        let mut held = replica.reads.hold(id.0);
        let crowd = join_all((0..CROWD).map(async |_| replica.find(id).await.unwrap()));
        let release = async {
            held.read().await;
            held.release();
        };
        join(crowd, release).await;
        assert_eq!(replica.reads.count() - before, 1);
        replica.stop().await;
    });
}

#[test]
fn a_cancelled_reader_does_not_cancel_others() {
    redis::run(async || {
        let replica = Replica::first(&Redis::shared()).await;
        replica.keeps_copies().await;
        let id = replica.stranger().await;
        let mut held = replica.reads.hold(id.0);
        let mut gone = Box::pin(replica.find(id));
        let mut stays = Box::pin(replica.find(id));
        tokio::select! {
            _ = &mut gone => unreachable!("it is held"),
            () = held.read() => {}
        }
        assert!(futures_util::poll!(&mut stays).is_pending());
        drop(gone);
        assert_eq!(stays.await.unwrap().id, id);
        replica.stop().await;
    });
}

#[test]
fn a_missing_user_is_cached_until_it_exists() {
    redis::run(async || {
        let replica = Replica::first(&Redis::shared()).await;
        let other = replica.another().await;
        replica.keeps_copies().await;
        other.keeps_copies().await;
        let user = given::user(&App::address());
        let missing = async |replica: &Replica| -> usize {
            let before = replica.reads.count();
            assert_eq!(replica.find(user.id).await, None);
            replica.reads.count() - before
        };
        assert_eq!([missing(&replica).await, missing(&replica).await, missing(&replica).await], [1, 0, 0]);
        missing(&other).await;
        assert_eq!(missing(&other).await, 0);
        replica.app.clock.advance(Duration::from_secs(5));
        assert_eq!(missing(&replica).await, 1, "not for long");
        replica.keeps_copies().await;
        missing(&replica).await;
        assert_eq!(missing(&replica).await, 0);

        let mut work = replica.app.container.store().begin().await.unwrap();
        work.users().insert(&user, &given::hash("first")).await.unwrap();
        work.outbox().append(&given::event(user.id, EventKind::UserRegistered(user.clone()))).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(replica.find(user.id).await, Some(user.clone()));
        soon("the other one finds them", async || other.find(user.id).await.is_some()).await;
        other.stop().await;
        replica.stop().await;
    });
}

#[test]
fn requests_for_missing_users_find_none() {
    redis::run(async || {
        let replica = Replica::first(&Redis::shared()).await;
        let ids: Vec<_> = (0..100).map(|_| UserId(given::id())).collect();
        for found in join_all(ids.iter().map(|id| replica.find(*id))).await {
            assert_eq!(found, None);
        }
        // Redis holds only the claim, and not for long.
        for id in ids {
            let key = replica.namespace().user(id.0);
            assert!(replica.held(&key).await.is_none_or(|held| held.len() == 36));
            let life: i64 = replica.namespace().redis.tell(cmd("PTTL").arg(&key)).await;
            assert!(life != -1 && life <= 66_000, "{key} lives for {life} ms");
        }
        replica.stop().await;
    });
}
