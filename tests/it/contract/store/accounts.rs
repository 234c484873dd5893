//! Users and their hashes, except pages.

use svc::domain::{DisplayName, OneLine, Role, User, UserId, UserStatus};
use svc::ports::store::{Constraint, Store, StoreError, UserReader};
use tokio::task::JoinSet;

use crate::support::{Backend, both_backends, given};

fn admin(address: &str) -> User {
    User { role: Role::Admin, ..given::user(address) }
}

both_backends! {
    async fn a_user_is_read_as_stored(backend: Backend) {
        let db = backend.database().await;
        let plain = User { name: None, email_verified: true, ..given::user("Ada@Example.com") };
        let other = User {
            role: Role::Admin,
            status: UserStatus::Locked,
            version: 7,
            name: Some(DisplayName::parse("山田 👩‍🚀 O'Brien").unwrap()),
            ..given::user("grüße@bücher.example")
        };
        given::store_users(&db.store, &[plain.clone(), other.clone()]).await;
        for user in [&plain, &other] {
            let account = db.store.users().find_account(user.id).await.unwrap().unwrap();
            assert_eq!(account.user, *user);
            assert_eq!(account.password_hash, given::hash("first"));
            assert_eq!(db.store.users().find(user.id).await.unwrap().as_ref(), Some(user));
        }
    }

    async fn an_account_is_found_by_every_spelling_of_its_address(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "Ada@Example.com").await;
        for spelling in ["Ada@Example.com", "ada@example.com", "ＡＤＡ@EXAMPLE.COM"] {
            let found = db.store.find_account_by_email(&given::email(spelling)).await.unwrap().unwrap();
            assert_eq!(found.user, user, "{spelling}");
            let mut work = db.store.begin().await.unwrap();
            let locked = work.users().lock_by_email(&given::email(spelling)).await.unwrap().unwrap();
            assert_eq!((locked.user, locked.password_hash), (found.user, found.password_hash), "{spelling}");
        }
    }

    async fn a_missing_user_is_not_found(backend: Backend) {
        let db = backend.database().await;
        let missing = UserId(given::id());
        assert_eq!(db.store.users().find(missing).await, Ok(None));
        assert!(db.store.find_account(missing).await.unwrap().is_none());
        assert!(db.store.find_account_by_email(&given::email("no@body.org")).await.unwrap().is_none());
        let mut work = db.store.begin().await.unwrap();
        assert!(work.users().lock(missing).await.unwrap().is_none());
        assert!(work.users().lock_by_email(&given::email("no@body.org")).await.unwrap().is_none());
        assert!(!work.users().delete(missing).await.unwrap());
    }

    async fn a_taken_address_is_a_conflict_by_name(backend: Backend) {
        let db = backend.database().await;
        given::stored_user(&db.store, "ada@example.com").await;
        let mut work = db.store.begin().await.unwrap();
        let again = work.users().insert(&given::user("ADA@example.com"), &given::hash("x")).await;
        assert_eq!(again, Err(StoreError::Conflict(Constraint::UserEmail)));
    }

    async fn a_taken_id_is_another_conflict(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let mut work = db.store.begin().await.unwrap();
        let twin = User { id: ada.id, ..given::user("twin@example.com") };
        let again = work.users().insert(&twin, &given::hash("x")).await;
        assert_eq!(again, Err(StoreError::Conflict(Constraint::Other)));
    }

    async fn of_many_registrations_of_one_address_one_wins(backend: Backend) {
        let db = backend.database().await;
        let mut registrations = JoinSet::new();
        for _ in 0..50 {
            let store = db.store.clone();
            registrations.spawn(async move {
                let mut work = store.begin().await.unwrap();
                work.users().insert(&given::user("ada@example.com"), &given::hash("x")).await?;
                work.commit().await
            });
        }
        let outcomes = registrations.join_all().await;
        let taken = Err(StoreError::Conflict(Constraint::UserEmail));
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == taken).count(), 49);
    }

    async fn an_update_writes_what_may_change_and_raises_the_version(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let other = given::stored_user(&db.store, "other@example.com").await;
        let wanted = User {
            email_verified: true,
            name: None,
            role: Role::Admin,
            status: UserStatus::Locked,
            updated_at: given::at(99),
            ..ada.clone()
        };
        let mut work = db.store.begin().await.unwrap();
        // The version is that of the row, whatever the caller passes.
        let stale = User { version: 41, ..wanted.clone() };
        let updated = work.users().update(&stale).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(updated, User { version: 2, ..wanted });
        assert_eq!(db.store.users().find(ada.id).await, Ok(Some(updated)));
        assert_eq!(db.store.users().find(other.id).await, Ok(Some(other)));
    }

    async fn a_hash_is_written_without_a_new_version(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let other = given::stored_user(&db.store, "other@example.com").await;
        let mut work = db.store.begin().await.unwrap();
        work.users().set_password_hash(ada.id, &given::hash("second")).await.unwrap();
        let locked = work.users().lock(ada.id).await.unwrap().unwrap();
        assert_eq!(locked.password_hash, given::hash("second"));
        work.commit().await.unwrap();
        let account = db.store.find_account(ada.id).await.unwrap().unwrap();
        assert_eq!((account.user, account.password_hash), (ada, given::hash("second")));
        let other = db.store.find_account(other.id).await.unwrap().unwrap();
        assert_eq!(other.password_hash, given::hash("first"));
    }

    async fn the_sessions_of_a_deleted_user_are_deleted(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let other = given::stored_user(&db.store, "other@example.com").await;
        let (hers, theirs) = (given::session(ada.id), given::session(other.id));
        given::store_sessions(&db.store, &[hers.clone(), theirs.clone()]).await;
        let mut work = db.store.begin().await.unwrap();
        assert!(work.users().delete(ada.id).await.unwrap());
        assert!(!work.users().delete(ada.id).await.unwrap());
        work.commit().await.unwrap();
        assert_eq!(db.store.users().find(ada.id).await, Ok(None));
        assert_eq!(db.store.sessions().find(hers.id).await, Ok(None));
        assert_eq!(db.store.sessions().find(theirs.id).await, Ok(Some(theirs)));
        // The address is free again.
        given::stored_user(&db.store, "ada@example.com").await;
    }

    async fn a_session_needs_a_user(backend: Backend) {
        let db = backend.database().await;
        let mut work = db.store.begin().await.unwrap();
        let orphan = given::session(UserId(given::id()));
        let refused = work.sessions().insert(&orphan).await;
        assert_eq!(refused, Err(StoreError::Conflict(Constraint::Other)));
    }

    async fn a_locked_user_is_changed_by_one_at_a_time(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let mut writers = JoinSet::new();
        for _ in 0..40 {
            let (store, ada) = (db.store.clone(), ada.id);
            writers.spawn(async move {
                let mut work = store.begin().await.unwrap();
                let mut user = work.users().lock(ada).await.unwrap().unwrap().user;
                // A counter that loses an increment if two tasks read it at once.
                user.updated_at = given::at(user.updated_at.as_micros() - given::at(0).as_micros() + 1);
                work.users().update(&user).await.unwrap();
                work.commit().await.unwrap();
            });
        }
        writers.join_all().await;
        let user = db.store.users().find(ada.id).await.unwrap().unwrap();
        assert_eq!((user.updated_at, user.version), (given::at(41), 41));
    }

    async fn waiting_too_long_for_a_lock_is_a_temporary_error(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let mut holder = db.store.begin().await.unwrap();
        holder.users().lock(ada.id).await.unwrap();
        // PostgreSQL waits for the row; SQLite, with one writer, for the unit of work.
        let waited = match db.impatient_store().begin().await {
            Ok(mut work) => work.users().lock(ada.id).await.map(drop),
            Err(error) => Err(error),
        };
        assert!(matches!(waited, Err(StoreError::Unavailable(_))), "{waited:?}");
        // A reader does not wait.
        assert_eq!(db.store.users().find(ada.id).await, Ok(Some(ada)));
        holder.commit().await.unwrap();
    }

    async fn the_active_admins_are_locked_in_order(backend: Backend) {
        let db = backend.database().await;
        let admins = [admin("a@x.org"), admin("b@x.org"), admin("c@x.org")];
        let locked = User { status: UserStatus::Locked, ..admin("locked@x.org") };
        let plain = given::user("plain@x.org");
        let [a, b, c] = admins.clone();
        given::store_users(&db.store, &[c, locked, a, plain, b]).await;
        let mut work = db.store.begin().await.unwrap();
        let found = work.users().lock_active_admins().await.unwrap();
        assert_eq!(found, admins.map(|admin| admin.id));
    }

    async fn of_two_admins_who_are_removed_concurrently_one_stays(backend: Backend) {
        let db = backend.database().await;
        for round in 0..10 {
            let both = [admin(&format!("a{round}@x.org")), admin(&format!("b{round}@x.org"))];
            given::store_users(&db.store, &both).await;
            let mut leaving = JoinSet::new();
            for admin in both {
                let store = db.store.clone();
                leaving.spawn(async move {
                    let mut work = store.begin().await.unwrap();
                    let admins = work.users().lock_active_admins().await.unwrap();
                    let may_go = admins.len() > 1;
                    if may_go {
                        let user = work.users().lock(admin.id).await.unwrap().unwrap().user;
                        work.users().update(&User { role: Role::User, ..user }).await.unwrap();
                    }
                    work.commit().await.unwrap();
                    may_go
                });
            }
            let gone = leaving.join_all().await.into_iter().filter(|gone| *gone).count();
            assert_eq!(gone, 1, "round {round}");
            db.execute("UPDATE users SET role = 'user'").await.unwrap();
        }
    }
}
