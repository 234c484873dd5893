//! Invitations that were not accepted yet.

use svc::domain::{Invitation, InvitedUser, MailTokenDigest, PasswordHash, User, UserId};
use svc::ports::store::{InvitationReader, Store};

use crate::support::{Backend, TestDatabase, both_backends, given};

/// Makes an invitation that is valid from second 0 to second 60.
fn invitation(user: UserId, digest: u8) -> Invitation {
    Invitation {
        user_id: user,
        digest: MailTokenDigest([digest; 32]),
        sent_to: Some(given::email("Ada@example.com")),
        sent_at: given::second(0),
        expires_at: given::second(60),
    }
}

/// Stores a user without a password, and their invitation.
async fn invited(db: &TestDatabase, address: &str, digest: u8) -> InvitedUser {
    let user = given::user(address);
    let mut work = db.store.begin().await.unwrap();
    work.users().insert(&user, &PasswordHash::unusable()).await.unwrap();
    let invitation = invitation(user.id, digest);
    work.invitations().put(&invitation).await.unwrap();
    work.commit().await.unwrap();
    InvitedUser { user, invitation }
}

async fn find(db: &TestDatabase, digest: u8) -> Option<Invitation> {
    InvitationReader::find(&db.store, MailTokenDigest([digest; 32])).await.unwrap()
}

async fn take(db: &TestDatabase, digest: u8, second: i64) -> bool {
    let mut work = db.store.begin().await.unwrap();
    let digest = MailTokenDigest([digest; 32]);
    let taken = work.invitations().take(digest, given::second(second)).await.unwrap();
    work.commit().await.unwrap();
    taken
}

both_backends! {
    async fn an_invitation_is_read_as_stored_and_a_newer_one_replaces_it(backend: Backend) {
        let db = backend.database().await;
        let InvitedUser { user, invitation: first } = invited(&db, "ada@example.com", 1).await;
        assert_eq!(find(&db, 1).await, Some(first.clone()));
        assert_eq!(db.store.of_user(user.id).await.unwrap(), Some(first));
        let second = Invitation { expires_at: given::second(90), ..invitation(user.id, 2) };
        let mut work = db.store.begin().await.unwrap();
        work.invitations().put(&second).await.unwrap();
        assert_eq!(work.invitations().find_of(user.id).await.unwrap(), Some(second.clone()));
        work.commit().await.unwrap();
        assert_eq!((find(&db, 1).await, find(&db, 2).await), (None, Some(second)));
    }

    async fn a_valid_invitation_is_consumed_once(backend: Backend) {
        let db = backend.database().await;
        invited(&db, "ada@example.com", 1).await;
        assert!(!take(&db, 1, 60).await, "it has expired");
        assert!(take(&db, 1, 59).await);
        assert!(!take(&db, 1, 59).await);
        assert_eq!(find(&db, 1).await, None);
    }

    async fn an_invitation_is_removed_alone_and_with_its_user(backend: Backend) {
        let db = backend.database().await;
        let (ada, eva) = (invited(&db, "ada@example.com", 1).await, invited(&db, "eva@example.com", 2).await);
        let mut work = db.store.begin().await.unwrap();
        assert!(work.invitations().remove(ada.user.id).await.unwrap());
        assert!(!work.invitations().remove(ada.user.id).await.unwrap());
        assert!(work.users().delete(eva.user.id).await.unwrap());
        work.commit().await.unwrap();
        assert_eq!((find(&db, 1).await, find(&db, 2).await), (None, None));
    }

    async fn a_page_has_the_users_without_a_password_in_order(backend: Backend) {
        let db = backend.database().await;
        given::stored_user(&db.store, "registered@example.com").await;
        let ada = invited(&db, "ada@example.com", 1).await;
        let accepted = invited(&db, "accepted@example.com", 2).await;
        let eva = invited(&db, "eva@example.com", 3).await;
        let mut work = db.store.begin().await.unwrap();
        // As an older release does, which knows no invitations.
        work.users().set_password_hash(accepted.user.id, &given::hash("set")).await.unwrap();
        work.commit().await.unwrap();
        let page = async |after: Option<&User>, limit| {
            InvitationReader::page(&db.store, after.map(|user| user.id), limit).await.unwrap()
        };
        assert_eq!(page(None, 10).await, [ada.clone(), eva.clone()]);
        assert_eq!(page(None, 1).await, std::slice::from_ref(&ada));
        assert_eq!(page(Some(&ada.user), 1).await, std::slice::from_ref(&eva));
        assert_eq!(page(Some(&eva.user), 1).await, []);
    }

    async fn an_administrator_without_a_password_is_not_an_active_one(backend: Backend) {
        let db = backend.database().await;
        let admin = |address| User { role: svc::domain::Role::Admin, ..given::user(address) };
        let (ada, eva) = (admin("ada@example.com"), admin("eva@example.com"));
        let mut work = db.store.begin().await.unwrap();
        work.users().insert(&ada, &given::hash("first")).await.unwrap();
        work.users().insert(&eva, &PasswordHash::unusable()).await.unwrap();
        work.commit().await.unwrap();
        let mut work = db.store.begin().await.unwrap();
        assert_eq!(work.users().lock_active_admins().await.unwrap(), [ada.id]);
    }
}
