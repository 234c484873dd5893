//! A unit of work is committed as a whole or not at all.

use svc::domain::{EventKind, User};
use svc::ports::store::{Constraint, Store, StoreError, UnitOfWork, UserFilter, UserReader};
use tokio::task::{JoinSet, yield_now};

use crate::support::{Backend, TestDatabase, both_backends, given};

/// Registers a user as a use case would.
async fn register(store: impl Store, user: User) -> Result<(), StoreError> {
    let mut work = store.begin().await?;
    work.users().insert(&user, &given::hash("x")).await?;
    work.outbox().append(&given::event(user.id, EventKind::UserRegistered(user.clone()))).await?;
    work.commit().await
}

/// Returns the number of users and of events.
async fn counts(db: &TestDatabase) -> (String, String) {
    // At one moment: a commit whose caller did not wait for it may be in progress.
    let both = "SELECT (SELECT CAST(count(*) AS text) FROM users) || ' ' || (SELECT CAST(count(*) AS text) FROM outbox)";
    let both = db.texts(both).await.remove(0);
    both.split_once(' ').map(|(users, events)| (users.to_owned(), events.to_owned())).unwrap()
}

async fn prepared(db: &TestDatabase, user: &User) -> Box<dyn UnitOfWork> {
    let mut work = db.store.begin().await.unwrap();
    work.users().insert(user, &given::hash("x")).await.unwrap();
    work
}

both_backends! {
    async fn changes_are_visible_only_after_the_commit(backend: Backend) {
        let db = backend.database().await;
        let ada = given::user("ada@example.com");
        let work = prepared(&db, &ada).await;
        assert_eq!(db.store.users().find(ada.id).await, Ok(None));
        work.commit().await.unwrap();
        assert_eq!(db.store.users().find(ada.id).await.as_ref(), Ok(&Some(ada.clone())));
        assert_eq!(db.another_store().users().find(ada.id).await, Ok(Some(ada)));
    }

    async fn a_dropped_unit_of_work_changes_nothing(backend: Backend) {
        let db = backend.database().await;
        let ada = given::user("ada@example.com");
        drop(prepared(&db, &ada).await);
        // The next unit of work begins after the rollback, and finds the address free.
        prepared(&db, &given::user("ada@example.com")).await.commit().await.unwrap();
        assert_eq!(db.store.users().find(ada.id).await, Ok(None));
    }

    async fn after_a_failed_statement_nothing_is_committed(backend: Backend) {
        let db = backend.database().await;
        given::stored_user(&db.store, "taken@example.com").await;
        let mut work = prepared(&db, &given::user("ada@example.com")).await;
        let conflict = work.users().insert(&given::user("taken@example.com"), &given::hash("x")).await;
        assert_eq!(conflict, Err(StoreError::Conflict(Constraint::UserEmail)));
        assert!(matches!(work.commit().await, Err(StoreError::Unavailable(_))));
        assert_eq!(db.store.page(&UserFilter::default(), None, 9).await.unwrap().len(), 1);
    }

    async fn sixty_four_writers_at_once_are_all_served(backend: Backend) {
        let db = backend.database().await;
        let mut writers = JoinSet::new();
        for writer in 0..64 {
            let store = db.store.clone();
            writers.spawn(async move {
                for n in 0..5 {
                    register(store.clone(), given::user(&format!("w{writer}n{n}@example.com"))).await?;
                }
                Ok(())
            });
        }
        for outcome in writers.join_all().await {
            assert_eq!(outcome, Ok::<(), StoreError>(()));
        }
        assert_eq!(counts(&db).await, ("320".to_owned(), "320".to_owned()));
    }

    async fn a_cancelled_caller_leaves_all_or_nothing(backend: Backend) {
        let db = backend.database().await;
        let mut finished = 0;
        // Each is cancelled one step later than the previous one.
        for patience in 0..200 {
            let user = given::user(&format!("user{patience}@example.com"));
            let give_up = async {
                for _ in 0..patience * patience {
                    yield_now().await;
                }
            };
            tokio::select! {
                biased;
                done = register(db.store.clone(), user) => { done.unwrap(); finished += 1; }
                () = give_up => {}
            }
        }
        // The store still works.
        register(db.store.clone(), given::user("last@example.com")).await.unwrap();
        let (users, events) = counts(&db).await;
        assert_eq!(users, events);
        // A commit whose caller was cancelled may have happened.
        assert!(users.parse::<u32>().unwrap() > finished);
    }

    async fn a_closed_store_refuses(backend: Backend) {
        let db = backend.database().await;
        db.store.close().await;
        let refused = db.store.page(&UserFilter::default(), None, 1).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))));
        assert!(matches!(db.store.begin().await, Err(StoreError::Unavailable(_))));
    }
}
