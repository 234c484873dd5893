use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::check::DoctorCheck;
use super::finding::Finding;
use crate::domain::{Timestamp, counted};
use crate::ports::Clock;
use crate::ports::events::{Backlog, EventLog, StatementLimit};

const NAME: &str = "backlog";
const DEAD: &str = "dead_letters";

/// Longer than an event waits while the worker keeps up.
const LATE: Duration = Duration::from_mins(5);

/// Checks that events are relayed and handled.
pub(super) struct BacklogCheck {
    pub events: Arc<dyn EventLog>,
    pub clock: Arc<dyn Clock>,
    pub wait: Duration,
}

#[async_trait]
impl DoctorCheck for BacklogCheck {
    fn name(&self) -> &'static str {
        NAME
    }

    /// The statements of the backlog may take longer than those of requests.
    fn limit(&self) -> Duration {
        self.wait * 4 + Duration::from_secs(40)
    }

    async fn run(&self) -> Vec<Finding> {
        match self.events.backlog(StatementLimit::Job).await {
            Ok(backlog) => judge(&backlog, self.clock.now()),
            // The check of the database names the cause.
            Err(_) => Vec::new(),
        }
    }
}

fn judge(backlog: &Backlog, now: Timestamp) -> Vec<Finding> {
    let handlers = &backlog.handlers;
    let waiting = backlog.unrelayed + handlers.iter().map(|handler| handler.pending).sum::<i64>();
    let oldest = handlers.iter().filter_map(|handler| handler.oldest).chain(backlog.oldest).min();
    let lag = oldest.map_or(Duration::ZERO, |oldest| now.since(oldest));
    let seconds = lag.as_secs();
    let measured = match waiting {
        0 => "no event waits".to_owned(),
        1 => format!("1 event waits, for {seconds} s"),
        _ => format!("{waiting} events wait, the oldest for {seconds} s"),
    };
    let backlog = if lag > LATE {
        Finding::warn(
            NAME,
            measured,
            "mails and other reactions are late, or do not happen",
            "run `svc consume`; `svc event stats` and `svc event list` show where events wait and why",
        )
    } else {
        Finding::ok(NAME, measured)
    };
    let dead: i64 = handlers.iter().map(|handler| handler.dead).sum();
    let measured = counted(u64::try_from(dead).unwrap_or_default(), "dead letter");
    let dead = if dead > 0 {
        Finding::warn(
            DEAD,
            measured,
            "the handler gave these events up: a mail was not sent, for example",
            "read the reasons with `svc event dead`; correct them; `svc event replay --dead`",
        )
    } else {
        Finding::ok(DEAD, measured)
    };
    vec![backlog, dead]
}

#[cfg(test)]
mod tests {
    use super::super::finding::FindingState::{Ok, Warn};
    use super::*;
    use crate::ports::events::HandlerBacklog;

    #[test]
    fn late_events_and_dead_letters_are_found() {
        let now = Timestamp::from_micros(1_000_000_000_000).unwrap();
        let ago = |minutes| Some(now.minus(Duration::from_mins(minutes)));
        for (outbox, handler, dead, states) in [
            (None, None, 0, [Ok, Ok]),
            (ago(4), ago(5), 0, [Ok, Ok]),
            (ago(6), None, 0, [Warn, Ok]),
            (None, ago(6), 2, [Warn, Warn]),
        ] {
            let handler =
                HandlerBacklog { oldest: handler, dead, pending: 1, ..HandlerBacklog::idle("mail") };
            let backlog = Backlog { oldest: outbox, handlers: vec![handler], ..Backlog::default() };
            let found: Vec<_> = judge(&backlog, now).iter().map(|finding| finding.state).collect();
            assert_eq!(found, states, "{backlog:?}");
        }
    }
}
