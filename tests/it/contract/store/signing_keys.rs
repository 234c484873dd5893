//! Signing keys.

use svc::domain::{Algorithm, SigningKey, SigningKeyStatus};
use svc::ports::store::{Constraint, SigningKeyReader, Store, StoreError};

use crate::support::{Backend, both_backends, given};

async fn insert(store: &impl Store, key: &SigningKey) -> Result<(), StoreError> {
    let mut work = store.begin().await?;
    work.signing_keys().insert(key).await?;
    work.commit().await
}

both_backends! {
    async fn every_key_is_read_oldest_first(backend: Backend) {
        let db = backend.database().await;
        assert_eq!(db.store.all().await, Ok(Vec::new()));
        let retired = given::signing_key("c", SigningKeyStatus::Retired);
        let active = SigningKey {
            created_at: given::at(2),
            algorithm: Algorithm::EdDsa,
            ..given::signing_key("b", SigningKeyStatus::Active)
        };
        let pending = SigningKey {
            created_at: given::at(3),
            algorithm: Algorithm::Rs256,
            ..given::signing_key("a", SigningKeyStatus::Pending)
        };
        for key in [&active, &pending, &retired] {
            insert(&db.store, key).await.unwrap();
        }
        assert_eq!(db.store.all().await, Ok(vec![retired, active, pending]));
    }

    async fn a_second_active_key_is_a_conflict_by_name(backend: Backend) {
        let db = backend.database().await;
        insert(&db.store, &given::signing_key("a", SigningKeyStatus::Active)).await.unwrap();
        let second = insert(&db.store, &given::signing_key("b", SigningKeyStatus::Active)).await;
        assert_eq!(second, Err(StoreError::Conflict(Constraint::ActiveSigningKey)));
        let same = insert(&db.store, &given::signing_key("a", SigningKeyStatus::Retired)).await;
        assert_eq!(same, Err(StoreError::Conflict(Constraint::Other)));
        insert(&db.store, &given::signing_key("c", SigningKeyStatus::Retired)).await.unwrap();
        insert(&db.store, &given::signing_key("d", SigningKeyStatus::Retired)).await.unwrap();
    }

    async fn the_active_key_is_retired_and_replaced_by_the_next(backend: Backend) {
        let db = backend.database().await;
        let first = given::signing_key("a", SigningKeyStatus::Active);
        let pending = given::signing_key("b", SigningKeyStatus::Pending);
        let next = SigningKey {
            algorithm: Algorithm::EdDsa,
            ..given::signing_key("c", SigningKeyStatus::Active)
        };
        insert(&db.store, &first).await.unwrap();
        insert(&db.store, &pending).await.unwrap();
        let mut work = db.store.begin().await.unwrap();
        work.signing_keys().retire_others(next.algorithm, given::at(9)).await.unwrap();
        work.signing_keys().insert(&next).await.unwrap();
        work.commit().await.unwrap();
        let retired =
            SigningKey { status: SigningKeyStatus::Retired, retired_at: Some(given::at(9)), ..first };
        assert_eq!(db.store.all().await, Ok(vec![retired, pending, next]));
    }

    async fn with_no_active_key_none_is_retired(backend: Backend) {
        let db = backend.database().await;
        let pending = given::signing_key("a", SigningKeyStatus::Pending);
        insert(&db.store, &pending).await.unwrap();
        let mut work = db.store.begin().await.unwrap();
        work.signing_keys().retire_others(Algorithm::EdDsa, given::at(9)).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(db.store.all().await, Ok(vec![pending]));
    }

    async fn an_active_key_of_the_algorithm_stays_and_another_one_is_a_conflict(backend: Backend) {
        let db = backend.database().await;
        let active = given::signing_key("a", SigningKeyStatus::Active);
        insert(&db.store, &active).await.unwrap();
        // As of a process that looked before this key was there.
        let late = given::signing_key("b", SigningKeyStatus::Active);
        let mut work = db.store.begin().await.unwrap();
        work.signing_keys().retire_others(late.algorithm, given::at(9)).await.unwrap();
        let inserted = work.signing_keys().insert(&late).await;
        assert_eq!(inserted, Err(StoreError::Conflict(Constraint::ActiveSigningKey)));
        drop(work);
        assert_eq!(db.store.all().await, Ok(vec![active]));
    }

    async fn a_sealed_key_is_replaced_only_by_a_caller_with_its_latest_value(backend: Backend) {
        let db = backend.database().await;
        let key = given::signing_key("a", SigningKeyStatus::Active);
        let other = given::signing_key("b", SigningKeyStatus::Retired);
        insert(&db.store, &key).await.unwrap();
        insert(&db.store, &other).await.unwrap();
        let mut work = db.store.begin().await.unwrap();
        let before = key.sealed_private.clone();
        assert_eq!(work.signing_keys().replace_sealed(&key.id, &before, b"again").await, Ok(true));
        assert_eq!(work.signing_keys().replace_sealed(&key.id, &before, b"late").await, Ok(false));
        work.commit().await.unwrap();
        let again = SigningKey { sealed_private: b"again".to_vec(), ..key };
        let all = db.store.all().await.unwrap();
        assert!(all.contains(&again) && all.contains(&other), "{all:?}");
    }
}
