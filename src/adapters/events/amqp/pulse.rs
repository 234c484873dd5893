use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lapin::options::BasicQosOptions;
use lapin::{Channel, ConnectionStatus};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::error::AmqpError;
use super::wire::Wire;

/// How long a connection may be quiet until the broker is asked.
const BEAT: Duration = Duration::from_millis(500);
/// How long its answer may take. Counted in short waits, so that a process that stood still itself for as
/// long does not take the broker for silent.
const ANSWER: Duration = Duration::from_millis(2500);
const STEP: Duration = Duration::from_millis(200);

/// Whether the other side of a connection still answers. Heartbeats find that out too, up to 5 s later.
///
/// A task of its own asks: an owner that is busy with something else, or that looks at the topology every few
/// seconds, does not interrupt the wait for an answer.
pub(super) struct Pulse {
    was_felt: Arc<AtomicBool>,
    /// The task. It is aborted together with the connection.
    asking: Mutex<JoinSet<AmqpError>>,
}

impl Pulse {
    pub async fn begin(wire: &Wire) -> Result<Self, AmqpError> {
        let was_felt = Arc::new(AtomicBool::new(false));
        let broker = wire.connection().status().clone();
        let questions = Questions { channel: wire.channel().await?, broker, was_felt: was_felt.clone() };
        let mut asking = JoinSet::new();
        asking.spawn(async move { questions.ask_until_silent().await });
        Ok(Self { was_felt, asking: Mutex::new(asking) })
    }

    /// The broker has sent something else.
    pub fn felt(&self) {
        self.was_felt.store(true, Ordering::Relaxed);
    }

    /// Waits until the broker is silent, or refuses to answer. Loses nothing when it is dropped.
    pub async fn stopped(&self) -> AmqpError {
        match self.asking.lock().await.join_next().await {
            Some(Ok(fault)) => fault,
            // It panicked, or its fault was returned before.
            _ => AmqpError::Broken("the connection is not watched any more".to_owned()),
        }
    }
}

struct Questions {
    /// Of its own, since answers come in the order of the questions.
    channel: Channel,
    broker: ConnectionStatus,
    was_felt: Arc<AtomicBool>,
}

impl Questions {
    async fn ask_until_silent(&self) -> AmqpError {
        loop {
            sleep(BEAT).await;
            if self.is_answered() {
                continue;
            }
            if let Some(fault) = self.ask().await {
                return fault;
            }
        }
    }

    /// Whether there is nothing to ask now. A broker that is short of memory reads nothing from a connection
    /// that publishes.
    fn is_answered(&self) -> bool {
        self.broker.blocked() || self.was_felt.swap(false, Ordering::Relaxed)
    }

    /// Asks for what costs the broker nothing: how many messages a consumer gets on a channel that has none.
    async fn ask(&self) -> Option<AmqpError> {
        let one_consumer = BasicQosOptions { global: false };
        let mut answer = std::pin::pin!(self.channel.basic_qos(1, one_consumer));
        let mut waited = Duration::ZERO;
        while waited < ANSWER {
            tokio::select! {
                biased;
                answer = &mut answer => return answer.err().map(AmqpError::from),
                () = sleep(STEP) => waited += STEP,
            }
            if self.is_answered() {
                return None;
            }
        }
        Some(AmqpError::Silent(ANSWER, "asking whether the broker is there"))
    }
}
