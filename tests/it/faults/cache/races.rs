//! Reads that are in progress when their data changes. A reader that starts after the change was acknowledged
//! sees it, and results of the earlier reads are never kept. There are ten thousand of them in all tests of
//! this file together; `SVC_TEST_CACHE_RACES=10000` makes ten thousand in each.

use std::time::Duration;

use futures_util::future::{join, join_all};
use svc::domain::{
    DeletedUser, DisplayName, EventKind, OneLine, RevocationReason, RevokedSession, Session, User, UserStatus,
};
use svc::ports::UnitOfWork;
use tokio::time::timeout;
use uuid::Uuid;

use super::{SOON, soon};
use crate::support::reads::{Held, Reads};
use crate::support::{App, Backend, both_backends, environment, given};

/// How many race at once.
const BATCH: usize = 125;
/// Four changes, on two databases.
const EACH: usize = 10_000 / 8;

/// The user and the session that are read and changed.
struct Subject {
    user: User,
    session: Session,
}

impl Subject {
    async fn is_renamed(&self, app: &App) -> bool {
        let user = app.container.use_cases.users.show.run(self.user.id).await.unwrap();
        user.name.as_ref().is_some_and(|name| name.as_str() == "New")
    }

    async fn is_locked(&self, app: &App) -> bool {
        let user = app.container.use_cases.users.show.run(self.user.id).await.unwrap();
        user.status == UserStatus::Locked
    }

    async fn is_gone(&self, app: &App) -> bool {
        app.container.cache().user(self.user.id).await.unwrap().is_none()
    }

    async fn is_ended(&self, app: &App) -> bool {
        app.container.cache().session(self.session.id).await.unwrap().unwrap().revoked
    }

    async fn rename(&self, work: &mut dyn UnitOfWork) {
        let user = User { name: Some(DisplayName::parse("New").unwrap()), ..self.user.clone() };
        let user = work.users().update(&user).await.unwrap();
        self.tell(work, EventKind::UserUpdated(user)).await;
    }

    async fn lock(&self, work: &mut dyn UnitOfWork) {
        let user = User { status: UserStatus::Locked, ..self.user.clone() };
        let user = work.users().update(&user).await.unwrap();
        self.tell(work, EventKind::UserLocked(user)).await;
    }

    async fn delete(&self, work: &mut dyn UnitOfWork) {
        assert!(work.users().delete(self.user.id).await.unwrap());
        let User { email, version, .. } = self.user.clone();
        self.tell(work, EventKind::UserDeleted(DeletedUser { email, version: version + 1 })).await;
    }

    async fn end(&self, work: &mut dyn UnitOfWork) {
        let reason = RevocationReason::LoggedOut;
        assert!(work.sessions().revoke(self.session.id, given::revocation(1, reason)).await.unwrap());
        self.tell(work, EventKind::SessionRevoked(RevokedSession(self.session.id, reason))).await;
    }

    async fn tell(&self, work: &mut dyn UnitOfWork, kind: EventKind) {
        work.outbox().append(&given::event(self.user.id, kind)).await.unwrap();
    }
}

/// Starts a replica whose reads can be held, and makes subjects. Only the first of them is in a cache.
async fn start(backend: Backend, count: usize) -> (App, Reads, Vec<Subject>) {
    let reads = Reads::default();
    let given = reads.clone();
    let app =
        App::start_with(backend, &[], |builder| builder.around_store(move |store| given.around(store))).await;
    let subject = |_| {
        let user = given::user(&App::address());
        Subject { session: given::session(user.id), user }
    };
    let subjects: Vec<_> = (0..count).map(subject).collect();
    let users: Vec<_> = subjects.iter().map(|subject| subject.user.clone()).collect();
    let sessions: Vec<_> = subjects.iter().map(|subject| subject.session.clone()).collect();
    given::store_users(&app.database.store, &users).await;
    given::store_sessions(&app.database.store, &sessions).await;
    keeps_copies(&app, &reads, &subjects[0]).await;
    (app, reads, subjects)
}

async fn keeps_copies(app: &App, reads: &Reads, subject: &Subject) {
    soon("a value that was read is not read again", async || {
        let before = reads.count();
        subject.is_ended(app).await;
        reads.count() == before
    })
    .await;
}

/// Changes all of them in one unit of work, as a use case does with one.
async fn change_all(app: &App, subjects: &[Subject], change: &impl AsyncFn(&Subject, &mut dyn UnitOfWork)) {
    let mut work = app.container.store().begin().await.unwrap();
    for subject in subjects {
        change(subject, &mut *work).await;
    }
    work.commit().await.unwrap();
}

/// Holds reads that have the old state from the database, has the change acknowledged, and only then releases
/// the reads. In between, every other subject is read again.
async fn race(
    backend: Backend,
    id: impl Fn(&Subject) -> Uuid,
    change: impl AsyncFn(&Subject, &mut dyn UnitOfWork),
    is_changed: impl AsyncFn(&Subject, &App) -> bool,
) {
    let races = environment::variable("SVC_TEST_CACHE_RACES").map_or(EACH, |count| count.parse().unwrap());
    let (app, reads, subjects) = start(backend, races + 1).await;
    let (witness, subjects) = subjects.split_first().unwrap();
    for batch in subjects.chunks(BATCH) {
        let mut held: Vec<_> = batch.iter().map(|subject| reads.hold(id(subject))).collect();
        let late = join_all(batch.iter().map(|subject| is_changed(subject, &app)));
        let in_between = async {
            join_all(held.iter_mut().map(Held::read)).await;
            change_all(&app, batch, &change).await;
            for subject in batch.iter().step_by(2) {
                assert!(is_changed(subject, &app).await, "asked while an older read was under way");
            }
            held.into_iter().for_each(Held::release);
        };
        let in_time = timeout(SOON, join(late, in_between)).await;
        assert!(in_time.is_ok(), "a read after a change waits for a read from before it");
        for subject in batch {
            assert!(is_changed(subject, &app).await, "asked after the older read had ended");
        }
    }
    // Copies in this process expire; those in Redis do not.
    app.clock.advance(Duration::from_secs(6));
    keeps_copies(&app, &reads, witness).await;
    for subject in subjects {
        assert!(is_changed(subject, &app).await, "asked after the local copies had expired");
    }
    app.stop().await;
}

both_backends! {
    async fn a_read_races_a_change(backend: Backend) {
        race(backend, |subject| subject.user.id.0, Subject::rename, Subject::is_renamed).await;
    }

    async fn a_read_races_a_lock(backend: Backend) {
        race(backend, |subject| subject.user.id.0, Subject::lock, Subject::is_locked).await;
    }

    async fn a_read_races_a_removal(backend: Backend) {
        race(backend, |subject| subject.user.id.0, Subject::delete, Subject::is_gone).await;
    }

    async fn a_read_races_the_end_of_a_session(backend: Backend) {
        race(backend, |subject| subject.session.id.0, Subject::end, Subject::is_ended).await;
    }

    async fn a_read_races_a_change_by_another_replica(backend: Backend) {
        let (app, reads, subjects) = start(backend, BATCH + 1).await;
        let writer = app.replica().await;
        let subjects = &subjects[1..];
        let mut held: Vec<_> = subjects.iter().map(|subject| reads.hold(subject.user.id.0)).collect();
        let late = join_all(subjects.iter().map(|subject| subject.is_renamed(&app)));
        let in_between = async {
            join_all(held.iter_mut().map(Held::read)).await;
            change_all(&writer, subjects, &Subject::rename).await;
            held.into_iter().for_each(Held::release);
        };
        let in_time = timeout(SOON, join(late, in_between)).await;
        assert!(in_time.is_ok(), "a read after a change waits for a read from before it");
        for subject in subjects {
            assert!(subject.is_renamed(&writer).await, "the result of the older read is shown here");
        }
        for subject in subjects {
            soon("the other one shows it", async || subject.is_renamed(&app).await).await;
            assert!(subject.is_renamed(&app).await, "and goes on to");
        }
        writer.stop().await;
        app.stop().await;
    }
}
