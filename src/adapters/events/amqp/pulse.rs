use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lapin::Channel;
use lapin::options::BasicQosOptions;
use tokio::time::sleep;

use super::Wire;
use super::error::AmqpError;

/// How long a connection may be quiet until the broker is asked.
const BEAT: Duration = Duration::from_millis(500);
/// How long its answer may take. Counted in short waits, so that a process that stood still itself for as
/// long does not take the broker for silent.
const ANSWER: Duration = Duration::from_millis(2500);
const STEP: Duration = Duration::from_millis(200);

/// Whether the other side of a connection still answers. Heartbeats find that out too, up to 5 s later.
pub(super) struct Pulse {
    /// Of its own, since answers come in the order of the questions.
    channel: Channel,
    was_felt: AtomicBool,
}

impl Pulse {
    pub async fn begin(wire: &Wire) -> Result<Self, AmqpError> {
        Ok(Self { channel: wire.channel().await?, was_felt: AtomicBool::new(false) })
    }

    /// The broker has said something else.
    pub fn felt(&self) {
        self.was_felt.store(true, Ordering::Relaxed);
    }

    /// Waits until the broker is silent, or refuses to answer.
    pub async fn stopped(&self, wire: &Wire) -> AmqpError {
        loop {
            sleep(BEAT).await;
            // A broker that is short of memory reads nothing from a connection that publishes.
            if wire.is_blocked() || self.was_felt.swap(false, Ordering::Relaxed) {
                continue;
            }
            if let Some(fault) = self.ask(wire).await {
                return fault;
            }
        }
    }

    /// Asks for what costs the broker nothing: how many messages a consumer gets on a channel that has none.
    async fn ask(&self, wire: &Wire) -> Option<AmqpError> {
        let one_consumer = BasicQosOptions { global: false };
        let mut answer = std::pin::pin!(self.channel.basic_qos(1, one_consumer));
        let mut waited = Duration::ZERO;
        while waited < ANSWER {
            tokio::select! {
                biased;
                answer = &mut answer => return answer.err().map(AmqpError::from),
                () = sleep(STEP) => waited += STEP,
            }
            if wire.is_blocked() || self.was_felt.swap(false, Ordering::Relaxed) {
                return None;
            }
        }
        Some(AmqpError::Silent(ANSWER, "asking whether the broker is there"))
    }
}
