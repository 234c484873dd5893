//! The census of password hashes by their cost.

use std::collections::BTreeMap;

use svc::domain::{HashCensus, HashCost};
use svc::ports::store::{HASHES_AT_ONCE, HashCensusStore, HashCount};

use crate::support::{Backend, both_backends, given};

both_backends! {
    async fn before_the_first_count_there_is_none(backend: Backend) {
        let db = backend.database().await;
        let count = db.store.find().await.unwrap();
        assert_eq!((count.position, count.accounts.len()), (None, 0));
        assert_eq!(count.census, HashCensus::default());
    }

    async fn a_count_is_read_as_stored_and_only_one_of_two_replaces_it(backend: Backend) {
        let db = backend.database().await;
        let before = db.store.find().await.unwrap();
        let accounts = BTreeMap::from([(HashCost::new("$2b$10"), 7), (HashCost::new("$argon2id$\u{e9}\""), 3)]);
        let census = HashCensus::default().counted(&accounts);
        let position = Some(given::user("ada@example.com").id);
        let count = HashCount { position, accounts, census, ..before.clone() };
        assert_eq!(db.store.replace(&count).await, Ok(true));
        let found = db.store.find().await.unwrap();
        assert_eq!(found, HashCount { version: before.version + 1, ..count.clone() });
        assert_eq!(db.store.replace(&count).await, Ok(false), "a process that was frozen in the meantime");
        assert_eq!(db.store.find().await, Ok(found));
    }

    async fn hashes_are_read_in_slices_in_the_order_of_ids(backend: Backend) {
        let db = backend.database().await;
        let most = HASHES_AT_ONCE as usize;
        let users: Vec<_> = (0..=most).map(|number| given::user(&format!("user{number}@example.com"))).collect();
        given::store_users(&db.store, &users).await;
        let first = db.store.hashes(None).await.unwrap();
        let ids = |hashes: &[(svc::domain::UserId, svc::domain::PasswordHash)]| -> Vec<_> {
            hashes.iter().map(|(id, _)| *id).collect()
        };
        let expected: Vec<_> = users.iter().map(|user| user.id).collect();
        assert_eq!(ids(&first), expected[..most]);
        assert!(first.iter().all(|(_, hash)| *hash == given::hash("first")));
        let second = db.store.hashes(Some(expected[most - 1])).await.unwrap();
        assert_eq!(ids(&second), expected[most..]);
        assert!(db.store.hashes(Some(expected[most])).await.unwrap().is_empty());
    }
}
