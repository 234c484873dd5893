//! Pages of sessions in any state, for operators, and the mailed tokens of a user.

use svc::domain::{MailPurpose, MailToken, MailTokenDigest, RevocationReason, Session, User};
use svc::ports::store::{LONGEST_PAGE, MailTokenReader, SessionReader, Store};

use crate::support::{Backend, both_backends, given};

fn ids(page: &[(Session, User)]) -> Vec<svc::domain::SessionId> {
    page.iter().map(|(session, _)| session.id).collect()
}

both_backends! {
    async fn pages_show_every_session_with_its_user_newest_first(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let bea = given::stored_user(&db.store, "bea@example.com").await;
        assert_eq!(db.store.any_page(None, None, 10).await, Ok(Vec::new()));
        let mut sessions: Vec<Session> =
            (0..6).map(|n| given::session(if n % 2 == 0 { ada.id } else { bea.id })).collect();
        // One that was revoked, and one that has expired.
        sessions[1].revoked = Some(given::revocation(5, RevocationReason::LoggedOut));
        sessions[2].idle_expires_at = given::second(1);
        given::store_sessions(&db.store, &sessions).await;
        sessions.reverse();
        let with_user = |session: &Session| {
            let user = if session.user_id == ada.id { &ada } else { &bea };
            (session.clone(), user.clone())
        };
        let all: Vec<(Session, User)> = sessions.iter().map(with_user).collect();
        assert_eq!(db.store.any_page(None, None, 10).await.unwrap(), all);
        let first = db.store.any_page(None, None, 4).await.unwrap();
        assert_eq!(first, all[..4]);
        let rest = db.store.any_page(None, Some(first[3].0.id), 4).await.unwrap();
        assert_eq!(rest, all[4..]);
        let of_ada: Vec<(Session, User)> = all.iter().filter(|it| it.1.id == ada.id).cloned().collect();
        assert_eq!(db.store.any_page(Some(ada.id), None, 10).await.unwrap(), of_ada);
        let second = db.store.any_page(Some(ada.id), Some(of_ada[0].0.id), 1).await.unwrap();
        assert_eq!(ids(&second), [of_ada[1].0.id]);
    }

    async fn a_page_is_at_most_as_long_as_the_longest(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let most = usize::try_from(LONGEST_PAGE).unwrap();
        let sessions: Vec<Session> = (0..=most).map(|_| given::session(ada.id)).collect();
        given::store_sessions(&db.store, &sessions).await;
        for user in [None, Some(ada.id)] {
            let page = db.store.any_page(user, None, LONGEST_PAGE + 1).await.unwrap();
            assert_eq!((page.len(), page[0].0.id), (most, sessions[most].id));
        }
    }

    async fn the_mailed_tokens_of_a_user_are_found_by_purpose(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let bea = given::stored_user(&db.store, "bea@example.com").await;
        let token = |user: &User, purpose, digest| MailToken {
            digest: MailTokenDigest([digest; 32]),
            user_id: user.id,
            purpose,
            email: user.email.clone(),
            created_at: given::second(0),
            expires_at: given::second(60),
        };
        let tokens = [
            token(&ada, MailPurpose::VerifyEmail, 1),
            token(&ada, MailPurpose::ChangeEmail, 2),
            token(&bea, MailPurpose::VerifyEmail, 3),
        ];
        let mut work = db.store.begin().await.unwrap();
        for token in &tokens {
            work.mail_tokens().put(token).await.unwrap();
        }
        work.commit().await.unwrap();
        assert_eq!(db.store.of_user(ada.id).await.unwrap(), [tokens[1].clone(), tokens[0].clone()]);
        assert_eq!(db.store.of_user(bea.id).await.unwrap(), tokens[2..]);
    }
}
