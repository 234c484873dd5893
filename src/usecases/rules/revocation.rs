use crate::domain::{
    Account, Actor, EventKind, Revocation, RevocationReason, RevokedSession, Session, SessionId, Timestamp,
    UserId,
};
use crate::ports::{Store, UnitOfWork};
use crate::usecases::failure::Failure;
use crate::usecases::journal::Journal;

/// The maximum number of sessions that one unit of work revokes, each with its event.
pub(in crate::usecases) const BATCH: u32 = 256;

/// Revokes a session and appends the event, unless it was already revoked.
pub(in crate::usecases) async fn revoke_session(
    store: &dyn Store,
    journal: &Journal,
    session: &Session,
    actor: Actor,
    reason: RevocationReason,
) -> Result<(), Failure> {
    let mut work = store.begin().await?;
    // Changes of a user wait for each other, so that their events are in the order of the changes.
    work.users().lock(session.user_id).await?;
    let at = journal.now();
    if work.sessions().revoke(session.id, Revocation { at, reason }).await? {
        let kind = EventKind::SessionRevoked(RevokedSession(session.id, reason));
        journal.append(&mut *work, session.user_id, actor, at, kind).await?;
    }
    Ok(work.commit().await?)
}

/// The sessions to revoke, and why.
pub(in crate::usecases) struct Revoking {
    pub user: UserId,
    /// The session that is kept.
    pub except: Option<SessionId>,
    pub actor: Actor,
    pub reason: RevocationReason,
    /// The time of the change, which is the time of its events too.
    pub at: Timestamp,
}

/// Revokes the sessions of a user that `work` has locked, and returns `work`, so that a change that is added
/// to it commits together with the revocation of the last session.
///
/// Returns `None` if the user has more sessions than [`BATCH`]: then one batch is revoked and committed, and
/// the caller starts again with a new unit of work and all its checks, so that nothing is revoked for a
/// change that is refused. If a later unit of work fails, sessions are revoked and the change is not made.
/// That order is safe, and a second attempt continues from there. The loop ends, because sessions are not
/// opened as fast as they are revoked.
pub(in crate::usecases) async fn revoke_sessions(
    mut work: Box<dyn UnitOfWork>,
    journal: &Journal,
    revoking: &Revoking,
) -> Result<Option<Box<dyn UnitOfWork>>, Failure> {
    match revoke_batch(&mut *work, journal, revoking).await? {
        Remaining::None => Ok(Some(work)),
        Remaining::Some => {
            work.commit().await?;
            Ok(None)
        }
    }
}

/// Begins a unit of work with the row lock of the user, in which the sessions are revoked. It is the last of
/// as many as [`revoke_sessions`] needs. Returns it with the account, which `check` accepts or refuses in
/// each of them; `check` gets `None` if there is no such user.
pub(in crate::usecases) async fn begin_without_sessions<E: From<Failure>>(
    store: &dyn Store,
    journal: &Journal,
    revoking: &Revoking,
    check: impl Fn(Option<Account>) -> Result<Account, E>,
) -> Result<(Box<dyn UnitOfWork>, Account), E> {
    loop {
        let mut work = store.begin().await.map_err(Failure::from)?;
        let locked = check(work.users().lock(revoking.user).await.map_err(Failure::from)?)?;
        if let Some(work) = revoke_sessions(work, journal, revoking).await? {
            return Ok((work, locked));
        }
    }
}

/// Whether a user may have live sessions left after a batch of them was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::usecases) enum Remaining {
    /// None are left.
    None,
    /// Some may be left: the batch was full.
    Some,
}

/// Revokes at most [`BATCH`] sessions of a locked user and appends their events.
pub(in crate::usecases) async fn revoke_batch(
    work: &mut dyn UnitOfWork,
    journal: &Journal,
    revoking: &Revoking,
) -> Result<Remaining, Failure> {
    let Revoking { user, except, reason, at, .. } = *revoking;
    let revocation = Revocation { at, reason };
    let revoked = work.sessions().revoke_live_of(user, except, revocation, BATCH).await?;
    append_revoked(work, journal, revoking, &revoked).await
}

/// Appends the events of a batch of revoked sessions.
pub(in crate::usecases) async fn append_revoked(
    work: &mut dyn UnitOfWork,
    journal: &Journal,
    revoking: &Revoking,
    revoked: &[SessionId],
) -> Result<Remaining, Failure> {
    let Revoking { user, actor, reason, at, .. } = *revoking;
    for session in revoked {
        let kind = EventKind::SessionRevoked(RevokedSession(*session, reason));
        journal.append(work, user, actor, at, kind).await?;
    }
    let is_full = u32::try_from(revoked.len()).is_ok_and(|count| count >= BATCH);
    Ok(if is_full { Remaining::Some } else { Remaining::None })
}
