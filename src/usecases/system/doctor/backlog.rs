use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::check::DoctorCheck;
use super::finding::Finding;
use crate::domain::{Timestamp, counted};
use crate::ports::Clock;
use crate::ports::events::{Backlog, BacklogReader, StatementLimit};
use crate::ports::store::{RequestBacklog, RequestBacklogs};

const NAME: &str = "backlog";
const DEAD: &str = "dead_letters";

/// Longer than an event waits while the worker keeps up.
const LATE: Duration = Duration::from_mins(5);

/// Checks that events are relayed and handled, and that requests are answered.
pub(super) struct BacklogCheck {
    pub events: Arc<dyn BacklogReader>,
    pub requests: Arc<dyn RequestBacklogs>,
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
        // The check of the database names the cause of a failure.
        let Ok(backlog) = self.events.backlog(StatementLimit::Job).await else { return Vec::new() };
        let Ok(requests) = self.requests.request_backlogs().await else { return Vec::new() };
        judge(&backlog, &requests, self.clock.now())
    }
}

fn judge(backlog: &Backlog, requests: &[RequestBacklog], now: Timestamp) -> Vec<Finding> {
    let handlers = &backlog.handlers;
    let lag = |oldest: Option<Timestamp>| oldest.map_or(Duration::ZERO, |oldest| now.since(oldest));
    let handled = handlers.iter().filter_map(|handler| handler.oldest).min();
    let seconds = lag(handled.into_iter().chain(backlog.oldest).min()).as_secs();
    let pending: i64 = handlers.iter().map(|handler| handler.pending).sum();
    let measured = match (backlog.unrelayed + pending, backlog.unrelayed) {
        (0, _) => "no event waits".to_owned(),
        (1, _) => format!("1 event waits, for {seconds} s"),
        (waiting, 0) => format!("{waiting} events wait for handlers, the oldest for {seconds} s"),
        (waiting, unrelayed) => {
            format!("{waiting} events wait, {unrelayed} of them in the outbox, the oldest for {seconds} s")
        }
    };
    let oldest_request = lag(requests.iter().filter_map(|queue| queue.oldest).min());
    let waiting: i64 = requests.iter().map(|queue| queue.waiting).sum();
    let measured = match waiting {
        0 => measured,
        1 => format!("{measured}; 1 request waits, for {} s", oldest_request.as_secs()),
        _ => format!("{measured}; {waiting} requests wait, the oldest for {} s", oldest_request.as_secs()),
    };
    let warn = |means, cure| Finding::warn(NAME, measured.clone(), means, cure);
    let is_failing = handlers.iter().any(|handler| handler.failing > 0 && lag(handler.oldest) > LATE);
    let backlog = if lag(backlog.oldest) > LATE && backlog.failing > 0 {
        warn(
            "events are not relayed, because the attempts to do so fail: mails and other reactions wait",
            "read the errors with `svc event list`, and correct their cause: is the broker reachable?",
        )
    } else if lag(backlog.oldest) > LATE {
        warn(
            "no process relays events: mails and other reactions wait",
            "start `svc serve` or `svc consume`; where one runs, look for warnings of its relay",
        )
    } else if is_failing {
        warn(
            "a handler fails, and its events are retried: mails and other reactions are late",
            "`svc event stats` names the handler, and `svc event list` has the errors: correct their cause",
        )
    } else if lag(handled) > LATE {
        warn(
            "no worker handles events, or too few do: mails and other reactions are late, or do not happen",
            "run `svc consume`, or more of them; `svc event stats` shows where events wait",
        )
    } else if oldest_request > LATE {
        warn(
            "no worker answers requests for mails and registrations, or too few do: they are late, or expire",
            "run `svc consume`, or more of them; where one runs, look for warnings and errors of its queues",
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
            let found: Vec<_> = judge(&backlog, &[], now).iter().map(|finding| finding.state).collect();
            assert_eq!(found, states, "{backlog:?}");
        }
    }

    #[test]
    fn the_cure_names_the_process_that_is_missing() {
        let now = Timestamp::from_micros(1_000_000_000_000).unwrap();
        let late = Some(now.minus(Duration::from_mins(6)));
        let handler =
            |failing| HandlerBacklog { oldest: late, failing, pending: 1, ..HandlerBacklog::idle("mail") };
        let outbox = |failing| Backlog { unrelayed: 2, oldest: late, failing, ..Backlog::default() };
        let handlers = |failing| Backlog { handlers: vec![handler(failing)], ..Backlog::default() };
        for (backlog, expected) in [
            (outbox(0), "start `svc serve` or `svc consume`"),
            (outbox(1), "is the broker reachable"),
            (handlers(0), "run `svc consume`, or more of them"),
            (handlers(1), "has the errors"),
        ] {
            let advice = judge(&backlog, &[], now).swap_remove(0).advice.unwrap();
            assert!(advice.cure.contains(expected), "{advice:?}");
        }
    }

    #[test]
    fn requests_without_an_answer_are_late_after_a_while() {
        let now = Timestamp::from_micros(1_000_000_000_000).unwrap();
        let queue = |waiting, age| {
            let oldest = (waiting > 0).then(|| now.minus(Duration::from_secs(age)));
            RequestBacklog { queue: "registrations", waiting, oldest }
        };
        for (queues, state, measured) in [
            ([queue(0, 0), queue(0, 0)], Ok, "no event waits"),
            ([queue(1, 300), queue(0, 0)], Ok, "no event waits; 1 request waits, for 300 s"),
            ([queue(1, 5), queue(2, 301)], Warn, "no event waits; 3 requests wait, the oldest for 301 s"),
        ] {
            let found = judge(&Backlog::default(), &queues, now).swap_remove(0);
            assert_eq!((found.state, &*found.measured), (state, measured), "{queues:?}");
        }
    }
}
