use std::time::Duration;

use lapin::ErrorKind;
use lapin::protocol::{AMQPErrorKind, AMQPHardError, AMQPSoftError};
use tokio::time::timeout;

use crate::ports::events::SourceError;

/// How long one step may take, such as connecting, logging in, declaring a queue or acknowledging.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// How long opening a connection may take until it can be used.
const OPENING: Duration = Duration::from_secs(10);

/// The reason why a connection cannot be used, in words for an operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum AmqpError {
    #[error("{0}")]
    Broken(String),
    #[error(
        "the broker has a queue or an exchange of this name with other properties ({0}); delete it when it is empty, \
         or set queue.namespace"
    )]
    Different(String),
    #[error(
        "access denied by the broker ({0}); check the user, the password and the virtual host, and grant the user the \
         permissions configure, write and read"
    )]
    Forbidden(String),
    #[error("{0}")]
    Missing(String),
    #[error("no answer within {0:?} ({1})")]
    Silent(Duration, &'static str),
}

impl From<lapin::Error> for AmqpError {
    fn from(error: lapin::Error) -> Self {
        if let ErrorKind::ProtocolError(reported) = error.kind() {
            let message = reported.get_message().to_string();
            return match reported.kind() {
                AMQPErrorKind::Soft(AMQPSoftError::PRECONDITIONFAILED) => Self::Different(message),
                AMQPErrorKind::Soft(AMQPSoftError::NOTFOUND) => Self::Missing(message),
                AMQPErrorKind::Soft(AMQPSoftError::ACCESSREFUSED)
                | AMQPErrorKind::Hard(AMQPHardError::NOTALLOWED) => Self::Forbidden(message),
                _ => Self::Broken(message),
            };
        }
        Self::Broken(error.to_string())
    }
}

/// Opens a connection with everything that belongs to it, for at most `OPENING`. That is less than the sum of
/// the limits of its steps.
pub(super) async fn opened<T>(opening: impl Future<Output = Result<T, AmqpError>>) -> Result<T, AmqpError> {
    timeout(OPENING, opening).await.unwrap_or(Err(AmqpError::Silent(OPENING, "opening a connection")))
}

impl From<AmqpError> for SourceError {
    fn from(fault: AmqpError) -> Self {
        Self(fault.to_string())
    }
}

/// Waits for an answer, for at most `PATIENCE`.
pub(super) async fn in_time<T>(
    what: &'static str,
    answer: impl Future<Output = lapin::Result<T>>,
) -> Result<T, AmqpError> {
    in_time_of(PATIENCE, what, answer).await
}

/// Waits for an answer, for at most `patience`.
pub(super) async fn in_time_of<T>(
    patience: Duration,
    what: &'static str,
    answer: impl Future<Output = lapin::Result<T>>,
) -> Result<T, AmqpError> {
    match timeout(patience, answer).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(AmqpError::Silent(patience, what)),
    }
}
