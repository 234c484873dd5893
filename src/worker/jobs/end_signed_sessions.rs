use std::time::Duration;

use async_trait::async_trait;

use super::job::{Job, JobPorts, Step};
use crate::domain::{Actor, SessionId, SigningKey};
use crate::usecases::{ChangeKeyError, Failure};

/// Ends the sessions whose tokens a compromised key signed, and then removes the key. The position is the
/// key, and the last session that was looked at.
pub(super) struct EndSignedSessions;

#[async_trait]
impl Job for EndSignedSessions {
    fn name(&self) -> &'static str {
        "end_signed_sessions"
    }

    fn period(&self) -> Duration {
        Duration::from_mins(1)
    }

    async fn step(&self, ports: &JobPorts, position: Option<&str>) -> Result<Step, Failure> {
        let end = &ports.use_cases.keys.end_sessions;
        let keys = end.keys().await?;
        let continued = position.and_then(|position| parse(position, &keys));
        let Some((key, after)) = continued.or_else(|| Some((keys.first()?, None))) else {
            return Ok(Step::read(true));
        };
        let (ended, next) = end.run(key, after, Actor::Service).await?;
        if ended > 0 {
            tracing::info!(key = %key.id, sessions = ended, "sessions of a compromised key ended");
        }
        if let Some(session) = next {
            let position = Some(format!("{} {}", key.id, session.0));
            return Ok(Step { removed: None, position, is_last: false });
        }
        // Another walk in a minute, if log-ins that began before the key was refused may still open sessions.
        // Until then other compromised keys wait too.
        let is_finished = end.finish(&key.id).await.map_err(ChangeKeyError::into_failure)?;
        Ok(Step::read(!is_finished || keys.len() == 1))
    }
}

fn parse<'a>(position: &str, keys: &'a [SigningKey]) -> Option<(&'a SigningKey, Option<SessionId>)> {
    let (key, session) = position.split_once(' ')?;
    let key = keys.iter().find(|one| one.id.0 == key)?;
    Some((key, Some(SessionId(session.parse().ok()?))))
}
