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

    async fn a_second_active_key_of_an_algorithm_is_a_conflict_by_name(backend: Backend) {
        let db = backend.database().await;
        insert(&db.store, &given::signing_key("a", SigningKeyStatus::Active)).await.unwrap();
        let second = insert(&db.store, &given::signing_key("b", SigningKeyStatus::Active)).await;
        assert_eq!(second, Err(StoreError::Conflict(Constraint::SigningKeyStage)));
        let same = insert(&db.store, &given::signing_key("a", SigningKeyStatus::Retired)).await;
        assert_eq!(same, Err(StoreError::Conflict(Constraint::Other)));
        for (name, status) in [
            ("c", SigningKeyStatus::Retired),
            ("d", SigningKeyStatus::Retired),
            ("e", SigningKeyStatus::Pending),
            ("f", SigningKeyStatus::Pending),
            ("g", SigningKeyStatus::Compromised),
        ] {
            insert(&db.store, &given::signing_key(name, status)).await.unwrap();
        }
        let other = given::signing_key("h", SigningKeyStatus::Active);
        insert(&db.store, &SigningKey { algorithm: Algorithm::EdDsa, ..other }).await.unwrap();
    }

    async fn one_key_of_an_algorithm_is_going_to_be_active(backend: Backend) {
        let db = backend.database().await;
        let planned = |name| SigningKey {
            activates_at: Some(given::at(9)),
            ..given::signing_key(name, SigningKeyStatus::Pending)
        };
        insert(&db.store, &planned("a")).await.unwrap();
        let second = insert(&db.store, &planned("b")).await;
        assert_eq!(second, Err(StoreError::Conflict(Constraint::SigningKeyStage)));
        insert(&db.store, &given::signing_key("c", SigningKeyStatus::Pending)).await.unwrap();
        let mut work = db.store.begin().await.unwrap();
        let third = work.signing_keys().set_stage(&planned("c")).await;
        assert_eq!(third, Err(StoreError::Conflict(Constraint::SigningKeyStage)));
        drop(work);
        insert(&db.store, &SigningKey { algorithm: Algorithm::Rs256, ..planned("d") }).await.unwrap();
        assert_eq!(db.store.all().await.unwrap().len(), 3);
    }

    async fn a_key_goes_through_its_stages_and_is_deleted(backend: Backend) {
        let db = backend.database().await;
        let other = SigningKey { algorithm: Algorithm::EdDsa, ..given::signing_key("z", SigningKeyStatus::Active) };
        insert(&db.store, &other).await.unwrap();
        let pending = given::signing_key("a", SigningKeyStatus::Pending);
        insert(&db.store, &pending).await.unwrap();
        for stage in [
            SigningKey { activates_at: Some(given::at(8)), ..pending.clone() },
            given::signing_key("a", SigningKeyStatus::Active),
            given::signing_key("a", SigningKeyStatus::Retired),
            given::signing_key("a", SigningKeyStatus::Compromised),
        ] {
            let mut work = db.store.begin().await.unwrap();
            work.signing_keys().set_stage(&stage).await.unwrap();
            assert_eq!(work.signing_keys().lock_all().await, Ok(vec![stage.clone(), other.clone()]));
            work.commit().await.unwrap();
            assert_eq!(db.store.all().await, Ok(vec![stage, other.clone()]));
        }
        let mut work = db.store.begin().await.unwrap();
        work.signing_keys().delete(&pending.id).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(db.store.all().await, Ok(vec![other]));
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
