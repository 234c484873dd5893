//! Tokens that were sent by mail, and when they were requested.

use std::time::Duration;

use svc::domain::{MailPurpose, MailToken, MailTokenDigest, User, UserId};
use svc::ports::store::{Constraint, MailTokenReader, Store, StoreError, UserReader};

use crate::support::{Backend, TestDatabase, both_backends, given};

/// Makes a token that is valid from second 0 to second 60.
fn token(user: UserId, purpose: MailPurpose, digest: u8) -> MailToken {
    MailToken {
        digest: MailTokenDigest([digest; 32]),
        user_id: user,
        purpose,
        email: given::email("Ada@Example.org"),
        created_at: given::second(0),
        expires_at: given::second(60),
    }
}

async fn put(db: &TestDatabase, tokens: &[&MailToken]) {
    let mut work = db.store.begin().await.unwrap();
    for token in tokens {
        work.mail_tokens().put(token).await.unwrap();
    }
    work.commit().await.unwrap();
}

async fn find(db: &TestDatabase, digest: u8) -> Option<MailToken> {
    MailTokenReader::find(&db.store, MailTokenDigest([digest; 32])).await.unwrap()
}

async fn user(db: &TestDatabase) -> User {
    given::stored_user(&db.store, "ada@example.com").await
}

both_backends! {
    async fn a_token_is_read_as_stored_and_a_newer_one_replaces_it(backend: Backend) {
        let db = backend.database().await;
        let user = user(&db).await;
        let (first, other) = (token(user.id, MailPurpose::VerifyEmail, 1), token(user.id, MailPurpose::ChangeEmail, 2));
        put(&db, &[&first, &other]).await;
        assert_eq!(find(&db, 1).await, Some(first));
        let second = MailToken {
            email: given::email("eva@example.com"),
            created_at: given::second(5),
            expires_at: given::second(65),
            ..token(user.id, MailPurpose::VerifyEmail, 3)
        };
        put(&db, &[&second]).await;
        assert_eq!((find(&db, 1).await, find(&db, 2).await), (None, Some(other)));
        assert_eq!(find(&db, 3).await, Some(second));
    }

    async fn a_valid_token_is_consumed_once(backend: Backend) {
        let db = backend.database().await;
        let user = user(&db).await;
        put(&db, &[&token(user.id, MailPurpose::VerifyEmail, 1)]).await;
        let mut work = db.store.begin().await.unwrap();
        let digest = MailTokenDigest([1; 32]);
        assert_eq!(work.mail_tokens().take(MailTokenDigest([9; 32]), given::second(0)).await, Ok(false));
        assert_eq!(work.mail_tokens().take(digest, given::second(60)).await, Ok(false), "too old");
        assert_eq!(work.mail_tokens().take(digest, given::second(59)).await, Ok(true));
        assert_eq!(work.mail_tokens().take(digest, given::second(59)).await, Ok(false), "used");
        drop(work);
        assert!(find(&db, 1).await.is_some(), "an uncommitted use does not count");
    }

    async fn they_are_removed_together_except_one_and_with_their_user(backend: Backend) {
        let db = backend.database().await;
        let (ada, eva) = (user(&db).await, given::stored_user(&db.store, "eva@example.com").await);
        let tokens = [
            token(ada.id, MailPurpose::VerifyEmail, 1),
            token(ada.id, MailPurpose::ResetPassword, 2),
            token(ada.id, MailPurpose::ChangeEmail, 3),
            token(eva.id, MailPurpose::VerifyEmail, 4),
        ];
        put(&db, &tokens.each_ref()).await;
        let left = async || {
            let mut left = Vec::new();
            for digest in 1..=4 {
                left.extend(find(&db, digest).await.map(|_| digest));
            }
            left
        };
        let mut work = db.store.begin().await.unwrap();
        work.mail_tokens().remove_all_of(ada.id, Some(MailPurpose::VerifyEmail)).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(left().await, [1, 4]);
        let mut work = db.store.begin().await.unwrap();
        work.mail_tokens().remove_all_of(ada.id, None).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(left().await, [4]);
        let mut work = db.store.begin().await.unwrap();
        assert_eq!(work.users().delete(eva.id).await, Ok(true));
        work.commit().await.unwrap();
        assert_eq!(left().await, Vec::<u8>::new());
    }

    async fn a_token_needs_a_user(backend: Backend) {
        let db = backend.database().await;
        let mut work = db.store.begin().await.unwrap();
        let unknown_user = token(UserId(given::id()), MailPurpose::VerifyEmail, 1);
        let refused = Err(StoreError::Conflict(Constraint::Other));
        assert_eq!(work.mail_tokens().put(&unknown_user).await, refused);
    }

    async fn an_address_passes_once_per_pause(backend: Backend) {
        let db = backend.database().await;
        let pause = Duration::from_mins(1);
        let pass = async |address: u8, at: i64| {
            let mut work = db.store.begin().await.unwrap();
            let now = given::second(at);
            let passed = work.mail_throttle().pass([address; 32], now, now.minus(pause)).await.unwrap();
            work.commit().await.unwrap();
            passed
        };
        assert_eq!([pass(1, 0).await, pass(1, 59).await, pass(2, 59).await], [true, false, true]);
        assert_eq!([pass(1, 60).await, pass(1, 119).await, pass(1, 120).await], [true, false, true]);
    }

    async fn expired_tokens_are_cleaned_in_slices(backend: Backend) {
        let db = backend.database().await;
        let user = user(&db).await;
        put(&db, &[&token(user.id, MailPurpose::VerifyEmail, 1), &token(user.id, MailPurpose::ChangeEmail, 2)]).await;
        let good = MailToken { expires_at: given::second(99), ..token(user.id, MailPurpose::ResetPassword, 3) };
        put(&db, &[&good]).await;
        assert_eq!(db.store.mail_tokens().clean(given::second(60), 10).await, Ok(0));
        assert_eq!(db.store.mail_tokens().clean(given::second(61), 1).await, Ok(1));
        assert_eq!(db.store.mail_tokens().clean(given::second(61), 10).await, Ok(1));
        assert_eq!(find(&db, 3).await, Some(good));

        let mut work = db.store.begin().await.unwrap();
        for (address, at) in [(1, 0), (2, 1), (3, 2)] {
            let now = given::second(at);
            assert_eq!(work.mail_throttle().pass([address; 32], now, now).await, Ok(true));
        }
        work.commit().await.unwrap();
        assert_eq!(db.store.mail_throttle().clean(given::second(2), 1).await, Ok(1));
        assert_eq!(db.store.mail_throttle().clean(given::second(2), 10).await, Ok(1));
        let left = db.texts("SELECT CAST(count(*) AS text) FROM mail_throttle").await;
        assert_eq!(left, ["1"]);
    }

    async fn an_address_is_changed_with_a_higher_version_unless_it_is_taken(backend: Backend) {
        let db = backend.database().await;
        let (ada, eva) = (user(&db).await, given::stored_user(&db.store, "eva@example.com").await);
        let mut work = db.store.begin().await.unwrap();
        let new = given::email("Ada@Example.org");
        let after = work.users().set_email(ada.id, &new, given::second(7)).await.unwrap();
        let wanted = User { email: new, email_verified: true, version: 2, updated_at: given::second(7), ..ada.clone() };
        assert_eq!(after, wanted);
        work.commit().await.unwrap();
        assert_eq!(UserReader::find(&db.store, ada.id).await, Ok(Some(wanted)));
        let mut work = db.store.begin().await.unwrap();
        let taken = work.users().set_email(eva.id, &given::email("ADA@example.org"), given::second(8)).await;
        assert_eq!(taken, Err(StoreError::Conflict(Constraint::UserEmail)));
    }
}
