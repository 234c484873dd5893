//! Bans.

use svc::domain::{Ban, BanEnd, BanId, BanReason, BanTarget, OneLine, UserId};
use svc::ports::store::{Constraint, Store, StoreError};
use tokio::task::JoinSet;

use crate::support::{Backend, TestDatabase, both_backends, given};

/// Makes a ban without an end.
fn ban(target: BanTarget) -> Ban {
    let id = BanId(given::id());
    Ban { id, target, reason: None, version: 1, created_at: given::second(0), end: BanEnd::Never }
}

fn network(text: &str) -> BanTarget {
    BanTarget::Network(text.parse().unwrap())
}

async fn put(db: &TestDatabase, bans: &[&Ban]) {
    let mut work = db.store.begin().await.unwrap();
    work.bans().begin_change(given::id()).await.unwrap();
    for ban in bans {
        work.bans().put(ban).await.unwrap();
    }
    work.commit().await.unwrap();
}

async fn live(db: &TestDatabase, second: i64) -> Vec<Ban> {
    db.store.bans().live(given::second(second)).await.unwrap()
}

both_backends! {
    async fn a_ban_is_read_as_stored(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let bans = [
            ban(network("203.0.113.0/24")),
            Ban {
                reason: Some(BanReason::parse("Überlast ✓").unwrap()),
                version: 7,
                end: BanEnd::At(given::at(123_456)),
                ..ban(network("2001:db8:1::/48"))
            },
            ban(BanTarget::User(user.id)),
        ];
        put(&db, &bans.each_ref()).await;
        assert_eq!(db.store.bans().live(given::at(123_455)).await.as_deref(), Ok(&bans[..]));
        let mut work = db.store.begin().await.unwrap();
        for ban in &bans {
            assert_eq!(work.bans().find(ban.id).await.as_ref(), Ok(&Some(ban.clone())));
            assert_eq!(work.bans().find_of(ban.target).await.as_ref(), Ok(&Some(ban.clone())));
        }
        assert_eq!(work.bans().find(BanId(given::id())).await, Ok(None));
        assert_eq!(work.bans().find_of(network("203.0.113.0/25")).await, Ok(None));
        assert_eq!(work.bans().find_of(BanTarget::User(UserId(given::id()))).await, Ok(None));
    }

    async fn a_target_has_one_ban(backend: Backend) {
        let db = backend.database().await;
        let first = ban(network("203.0.113.9"));
        put(&db, &[&first, &ban(network("203.0.113.8"))]).await;
        let second = Ban { version: 2, end: BanEnd::At(given::second(9)), ..first.clone() };
        put(&db, &[&second]).await;
        let third = ban(network("203.0.113.9"));
        assert_eq!(live(&db, 0).await[0], second);
        put(&db, &[&third]).await;
        let all = live(&db, 0).await;
        assert_eq!((all.len(), &all[1]), (2, &third));
        let other = Ban { id: third.id, ..ban(network("203.0.113.7")) };
        let mut work = db.store.begin().await.unwrap();
        assert_eq!(work.bans().put(&other).await, Err(StoreError::Conflict(Constraint::Other)), "one per id too");
    }

    async fn those_that_have_ended_are_not_live(backend: Backend) {
        let db = backend.database().await;
        let short = Ban { end: BanEnd::At(given::second(10)), ..ban(network("203.0.113.9")) };
        let long = ban(network("203.0.113.8"));
        put(&db, &[&short, &long]).await;
        assert_eq!(live(&db, 9).await, [short.clone(), long.clone()]);
        assert_eq!(live(&db, 10).await, std::slice::from_ref(&long));
        let mut work = db.store.begin().await.unwrap();
        assert_eq!(work.bans().count_live(given::second(9)).await, Ok(2));
        assert_eq!(work.bans().count_live(given::second(10)).await, Ok(1));
        assert_eq!(work.bans().find(short.id).await, Ok(Some(short)), "it is kept for a while");
    }

    async fn each_change_gives_the_list_another_version(backend: Backend) {
        let db = backend.database().await;
        assert_eq!(db.store.bans().version().await, Ok(None));
        let mut work = db.store.begin().await.unwrap();
        let version = given::id();
        work.bans().begin_change(version).await.unwrap();
        if backend == Backend::Postgres {
            assert_eq!(db.store.bans().version().await, Ok(None), "before the commit");
        }
        work.commit().await.unwrap();
        assert_eq!(db.another_store().bans().version().await, Ok(Some(version)));
        put(&db, &[]).await;
        assert_ne!(db.store.bans().version().await, Ok(Some(version)));
        let mut work = db.store.begin().await.unwrap();
        work.bans().begin_change(version).await.unwrap();
        drop(work);
        assert_ne!(db.store.bans().version().await, Ok(Some(version)), "a dropped unit of work changes nothing");
    }

    async fn a_ban_is_removed_once(backend: Backend) {
        let db = backend.database().await;
        let ban = ban(network("203.0.113.9"));
        put(&db, &[&ban]).await;
        let mut work = db.store.begin().await.unwrap();
        assert_eq!(work.bans().remove(ban.id).await, Ok(true));
        assert_eq!(work.bans().remove(ban.id).await, Ok(false));
        work.commit().await.unwrap();
        assert_eq!(live(&db, 0).await, []);
    }

    async fn the_ban_of_an_account_is_deleted_with_its_user_and_needs_a_user(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        put(&db, &[&ban(BanTarget::User(user.id)), &ban(network("203.0.113.9"))]).await;
        let mut work = db.store.begin().await.unwrap();
        assert_eq!(work.users().delete(user.id).await, Ok(true));
        work.commit().await.unwrap();
        assert_eq!(live(&db, 0).await.len(), 1);
        let mut work = db.store.begin().await.unwrap();
        let refused = work.bans().put(&ban(BanTarget::User(user.id))).await;
        assert_eq!(refused, Err(StoreError::Conflict(Constraint::Other)));
    }

    async fn changes_wait_for_each_other(backend: Backend) {
        let db = backend.database().await;
        // All of these would see room for one ban: the limit holds only if each sees the previous one.
        let mut adding = JoinSet::new();
        for host in 0..16 {
            let store = db.store.clone();
            adding.spawn(async move {
                let mut work = store.begin().await?;
                work.bans().begin_change(given::id()).await?;
                if work.bans().count_live(given::second(0)).await? < 5 {
                    work.bans().put(&ban(network(&format!("203.0.113.{host}")))).await?;
                }
                work.commit().await
            });
        }
        assert!(adding.join_all().await.iter().all(Result::is_ok));
        assert_eq!(live(&db, 0).await.len(), 5);
    }

    async fn bans_that_ended_long_ago_are_cleaned_in_slices(backend: Backend) {
        let db = backend.database().await;
        let ended = |host: u8, second| {
            let target = network(&format!("203.0.113.{host}"));
            Ban { end: BanEnd::At(given::second(second)), ..ban(target) }
        };
        let forever = ban(network("203.0.113.9"));
        put(&db, &[&ended(1, 1), &ended(2, 2), &ended(3, 3), &forever]).await;
        assert_eq!(db.store.bans().clean(given::second(1), 10).await, Ok(0));
        assert_eq!(db.store.bans().clean(given::second(3), 1).await, Ok(1));
        assert_eq!(db.store.bans().clean(given::second(3), 10).await, Ok(1));
        assert_eq!(live(&db, 0).await.len(), 2);
        assert_eq!(db.store.bans().clean(given::second(1_000_000), 10).await, Ok(1));
        assert_eq!(live(&db, 0).await, [forever]);
    }
}
