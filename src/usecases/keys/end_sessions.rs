use std::sync::Arc;

use super::changer::{ChangeKeyError, KeyChanger};
use crate::domain::{
    Actor, KeyId, KeyRejection, KeySet, Revocation, RevocationReason, SessionId, SignedSessions, SigningKey,
    SigningKeyStatus, UserId,
};
use crate::ports::Store;
use crate::usecases::failure::Failure;
use crate::usecases::journal::Journal;
use crate::usecases::rules::revocation::{BATCH, Remaining, Revoking, append_revoked};

/// Ends the sessions for which a compromised key may have signed access tokens.
pub struct EndSignedSessions {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) key_changer: KeyChanger,
    pub(in crate::usecases) journal: Journal,
}

impl EndSignedSessions {
    /// The compromised keys whose sessions are to be ended.
    pub async fn keys(&self) -> Result<Vec<SigningKey>, Failure> {
        let mut keys = self.store.signing_keys().all().await?;
        keys.retain(|key| key.status == SigningKeyStatus::Compromised);
        Ok(keys)
    }

    /// Ends those among the next sessions after `after`. Returns their number, and where to continue. Each
    /// user has one unit of work: it may be repeated, and another process may do it at the same time.
    pub async fn run(
        &self,
        key: &SigningKey,
        after: Option<SessionId>,
        actor: Actor,
    ) -> Result<(u64, Option<SessionId>), Failure> {
        let Some(signed) = key.signed_sessions() else { return Ok((0, None)) };
        let (users, next) = self.store.signed_sessions().users_among(signed, after).await?;
        let mut ended = 0;
        for user in users {
            ended += self.end_of(user, signed, actor).await?;
        }
        Ok((ended, next))
    }

    /// Removes a compromised key after its last session was ended. Returns false if that is too early: a
    /// log-in that began before the key was refused may still open a session.
    pub async fn finish(&self, id: &KeyId) -> Result<bool, ChangeKeyError> {
        let remove = |keys: &mut KeySet| match keys.find(id) {
            Err(KeyRejection::NotFound) => Ok(Vec::new()),
            _ => keys.remove(id, false).map(|_| Vec::new()),
        };
        let is_over = |key: &SigningKey| key.id != *id || key.is_over(self.journal.now());
        if !self.keys().await.map_err(ChangeKeyError::Failed)?.iter().all(is_over) {
            return Ok(false);
        }
        self.key_changer.run(Actor::Service, false, remove).await.map(|_| true)
    }

    async fn end_of(&self, user: UserId, signed: SignedSessions, actor: Actor) -> Result<u64, Failure> {
        let mut ended = 0;
        loop {
            let mut work = self.store.begin().await?;
            if work.users().lock(user).await?.is_none() {
                return Ok(ended);
            }
            let reason = RevocationReason::KeyCompromised;
            let at = self.journal.now();
            let revocation = Revocation { at, reason };
            let revoked = work.signed_sessions().revoke_signed_of(user, signed, revocation, BATCH).await?;
            let revoking = Revoking { user, except: None, actor, reason, at };
            let remaining = append_revoked(&mut *work, &self.journal, &revoking, &revoked).await?;
            work.commit().await?;
            ended += u64::try_from(revoked.len()).unwrap_or(u64::MAX);
            if remaining == Remaining::None {
                return Ok(ended);
            }
        }
    }
}
