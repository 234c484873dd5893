use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::check::DoctorCheck;
use super::finding::Finding;
use crate::domain::counted;
use crate::ports::inspection::{BrokerFacts, BrokerFault, BrokerInspector};

const NAME: &str = "broker";
const DEAD: &str = "broker_dead_letters";

/// The oldest version with every feature of quorum queues that the service needs.
const OLDEST: (u32, u32) = (3, 10);

const WAIT: &str = "events wait in the outbox: nothing is lost, but mails and other reactions do not happen";

/// Checks the broker.
pub(super) struct BrokerCheck {
    pub broker: Arc<dyn BrokerInspector>,
}

#[async_trait]
impl DoctorCheck for BrokerCheck {
    fn name(&self) -> &'static str {
        NAME
    }

    fn limit(&self) -> Duration {
        Duration::from_secs(20)
    }

    async fn run(&self) -> Vec<Finding> {
        match self.broker.inspect().await {
            Ok(facts) => std::iter::once(judge(&facts)).chain(dead_letters(&facts)).collect(),
            Err(fault) => vec![unusable(&fault)],
        }
    }
}

fn unusable(fault: &BrokerFault) -> Finding {
    let cure = match fault {
        BrokerFault::Unreachable(_) => "start the broker, and check the host and the port in queue.url",
        BrokerFault::Forbidden(_) => {
            "correct the user, the password or the virtual host in queue.url, or grant the permissions: \
             `rabbitmqctl set_permissions -p VHOST USER '^NAMESPACE\\.' '^NAMESPACE\\.' '^NAMESPACE\\.'`"
        }
        BrokerFault::Different(_) => {
            "delete the queue or exchange once it is empty: the next start declares it again; or set queue.namespace"
        }
    };
    Finding::fail(NAME, fault.to_string(), WAIT, cure)
}

fn judge(facts: &BrokerFacts) -> Finding {
    let mut measured = format!("{} {}", facts.product, facts.version);
    let mut numbers = facts.version.split('.').map(|number| number.parse().unwrap_or(u32::MAX));
    let version = (numbers.next().unwrap_or(u32::MAX), numbers.next().unwrap_or(u32::MAX));
    if facts.is_blocked {
        return Finding::fail(
            NAME,
            format!("{measured} blocks publishers: it is short of memory or disk space"),
            WAIT,
            "`rabbitmqctl list_alarms` names the alarm; give the broker memory or disk space",
        );
    }
    if version < OLDEST {
        return Finding::fail(
            NAME,
            measured,
            "the broker does not know the queues that the service declares",
            "upgrade the broker to RabbitMQ 3.10 or later, and enable all feature flags",
        );
    }
    if !facts.missing.is_empty() {
        measured =
            format!("{measured}; not declared yet: {} (the first start does)", facts.missing.join(", "));
    }
    Finding::ok(NAME, measured)
}

/// Judges the dead letters of the broker, if their queue exists. Those of handlers are in the database.
fn dead_letters(facts: &BrokerFacts) -> Option<Finding> {
    let (queue, count) = facts.dead_letters.as_ref()?;
    let measured = format!("{} in {queue}", counted(u64::from(*count), "dead letter"));
    Some(if *count == 0 {
        Finding::ok(DEAD, measured)
    } else {
        Finding::warn(
            DEAD,
            measured,
            "no handler got these messages: a message is invalid, its event is not in the outbox, or it was \
             delivered too often",
            "read the reasons with `svc event dead`; correct them; `svc event replay --dead`, then \
             `svc event discard` for the messages that name no event",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::finding::FindingState::{Fail, Ok, Warn};
    use super::*;

    #[test]
    fn an_old_and_a_full_broker_are_found() {
        for (version, is_blocked, state) in [
            ("3.10.0", false, Ok),
            ("4.1.2", false, Ok),
            ("", false, Ok),
            ("3.9.29", false, Fail),
            ("2.8", false, Fail),
            ("4.1.2", true, Fail),
        ] {
            let (product, version) = ("RabbitMQ".to_owned(), version.to_owned());
            let facts = BrokerFacts { product, version, is_blocked, ..BrokerFacts::default() };
            assert_eq!(judge(&facts).state, state, "{facts:?}");
        }
    }
    #[test]
    fn dead_letters_are_found_where_their_queue_exists() {
        for (dead_letters, state) in [(None, None), (Some(0), Some(Ok)), (Some(1), Some(Warn))] {
            let dead_letters = dead_letters.map(|count| ("svc.inbox.dead".to_owned(), count));
            let facts = BrokerFacts { dead_letters, ..BrokerFacts::default() };
            assert_eq!(super::dead_letters(&facts).map(|finding| finding.state), state, "{facts:?}");
        }
    }
}
