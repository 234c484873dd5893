//! Pages of users.

use svc::domain::{Role, User, UserId, UserStatus};
use svc::ports::store::{LONGEST_PAGE, UserFilter, UserReader};

use crate::support::{Backend, TestDatabase, both_backends, given};

/// Stores twelve users: every third is an administrator, every fourth is locked.
async fn twelve(db: &TestDatabase) -> Vec<User> {
    let users: Vec<User> = (0..12)
        .map(|n| User {
            role: if n % 3 == 0 { Role::Admin } else { Role::User },
            status: if n % 4 == 0 { UserStatus::Locked } else { UserStatus::Active },
            ..given::user(&format!("user{n}@example.com"))
        })
        .collect();
    // Stored in an order other than that of their ids.
    let (even, odd): (Vec<_>, Vec<_>) = users.iter().cloned().partition(|user| user.id.0.as_u128() % 2 == 0);
    given::store_users(&db.store, &odd).await;
    given::store_users(&db.store, &even).await;
    users
}

/// Reads all pages of two.
async fn walk(db: &TestDatabase, filter: &UserFilter) -> Vec<User> {
    let mut all: Vec<User> = Vec::new();
    loop {
        let page = db.store.page(filter, all.last().map(|user| user.id), 2).await.unwrap();
        assert!(page.len() <= 2);
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

both_backends! {
    async fn pages_show_every_user_once_in_the_order_of_their_ids(backend: Backend) {
        let db = backend.database().await;
        assert_eq!(db.store.page(&UserFilter::default(), None, 10).await, Ok(Vec::new()));
        let users = twelve(&db).await;
        assert_eq!(walk(&db, &UserFilter::default()).await, users);
        assert_eq!(db.store.page(&UserFilter::default(), None, 200).await.unwrap(), users);
        let first = db.store.page(&UserFilter::default(), None, 1).await.unwrap();
        assert_eq!(first, users[..1]);
    }

    async fn a_page_is_as_long_as_it_is_asked_to_be_up_to_the_longest(backend: Backend) {
        let db = backend.database().await;
        let most = usize::try_from(LONGEST_PAGE).unwrap();
        let users: Vec<User> = (0..=most).map(|n| given::user(&format!("user{n}@example.com"))).collect();
        given::store_users(&db.store, &users).await;
        for (limit, length) in [(LONGEST_PAGE - 1, most - 1), (LONGEST_PAGE, most), (LONGEST_PAGE + 1, most)] {
            let page = db.store.page(&UserFilter::default(), None, limit).await.unwrap();
            assert_eq!(page, users[..length], "{limit}");
        }
    }

    async fn each_filter_and_all_of_them_together_hold(backend: Backend) {
        let db = backend.database().await;
        let users = twelve(&db).await;
        let roles = [None, Some(Role::User), Some(Role::Admin)];
        let states = [None, Some(UserStatus::Active), Some(UserStatus::Locked)];
        let emails = [None, Some(given::email("USER4@example.com")), Some(given::email("no@body.org"))];
        for role in roles {
            for status in states {
                for email in &emails {
                    let filter = UserFilter { email: email.clone(), role, status };
                    let matches = |user: &&User| {
                        email.as_ref().is_none_or(|email| user.email.key() == email.key())
                            && role.is_none_or(|role| user.role == role)
                            && status.is_none_or(|status| user.status == status)
                    };
                    let expected: Vec<User> = users.iter().filter(matches).cloned().collect();
                    assert_eq!(walk(&db, &filter).await, expected, "{filter:?}");
                }
            }
        }
    }

    async fn a_page_may_begin_after_a_deleted_user(backend: Backend) {
        let db = backend.database().await;
        let users = twelve(&db).await;
        let gone = UserId(users[5].id.0);
        db.execute("DELETE FROM users WHERE email = 'user5@example.com'").await.unwrap();
        let page = db.store.page(&UserFilter::default(), Some(gone), 3).await.unwrap();
        assert_eq!(page, users[6..9]);
    }
}
