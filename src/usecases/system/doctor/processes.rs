use std::time::Duration;

use super::finding::Finding;
use super::settings::DoctorSettings;
use crate::domain::Timestamp;
use crate::ports::inspection::DatabaseFacts;

const WORKER: &str = "worker";
const PROCESSES: &str = "processes";

/// A worker looks for due jobs every 15 seconds, and a round of all jobs takes some minutes at most.
const OVERDUE: Duration = Duration::from_mins(15);

/// Judges whether a worker runs, by the jobs that it would have claimed.
pub(super) fn worker(facts: &DatabaseFacts, now: Timestamp) -> Finding {
    match facts.oldest_due_job {
        None => Finding::ok(WORKER, "none has run yet: start `svc consume`, or on SQLite `svc serve`"),
        Some(due) if now.since(due) > OVERDUE => Finding::warn(
            WORKER,
            format!("none has claimed a job that has been due since {due}"),
            "no mail is sent, nothing is audited, no key is rotated, and expired rows stay in the tables",
            "start `svc consume`, or `svc serve --with-worker`, and look for its warnings",
        ),
        Some(_) => Finding::ok(WORKER, "claims the jobs that are due"),
    }
}

/// Judges whether a process of the service is connected to the server. Each listens for notifications, which
/// needs a session of its own.
pub(super) fn connected(facts: &DatabaseFacts, settings: &DoctorSettings) -> Option<Finding> {
    let server = facts.server.as_ref()?;
    if settings.is_pooled && !settings.has_direct_url {
        return None;
    }
    Some(match (server.replicas, facts.oldest_due_job) {
        (0, None) => {
            Finding::ok(PROCESSES, "none has been started yet: `svc serve`, with `svc consume` beside it")
        }
        (0, Some(_)) => Finding::warn(
            PROCESSES,
            "no process of the service is connected to the database",
            "no request is served, and events wait",
            "start `svc serve`, with `svc consume` beside it, and read their logs",
        ),
        (1, _) => Finding::ok(PROCESSES, "1 process of the service is connected to the database"),
        (count, _) => {
            Finding::ok(PROCESSES, format!("{count} processes of the service are connected to the database"))
        }
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::finding::FindingState::{Ok, Warn};
    use super::super::settings::tests::settings;
    use super::*;
    use crate::ports::inspection::ServerFacts;

    /// Facts of a server without anything to complain about, and without a process of the service.
    pub fn facts(now: Timestamp, due: Option<Timestamp>) -> DatabaseFacts {
        let server = ServerFacts {
            now,
            missing_rights: Vec::new(),
            partitions: Vec::new(),
            connection_limit: 97,
            limited_by: "max_connections".to_owned(),
            others: 0,
            replicas: 0,
        };
        let (product, encoding) = (String::new(), String::new());
        DatabaseFacts { product, encoding, bytes: 0, oldest_due_job: due, server: Some(server) }
    }

    #[test]
    fn a_job_that_has_been_due_for_long_means_that_no_worker_runs() {
        let now = Timestamp::from_micros(1_000_000_000_000).unwrap();
        let due = |minutes| worker(&facts(now, Some(now.minus(Duration::from_mins(minutes)))), now).state;
        assert_eq!((due(0), due(14), due(16)), (Ok, Ok, Warn));
        assert_eq!(worker(&facts(now, None), now).state, Ok);
    }

    #[test]
    fn processes_are_missed_once_one_has_run() {
        let now = Timestamp::from_micros(1_000_000_000_000).unwrap();
        let judged = |replicas, due, (is_pooled, has_direct_url)| {
            let mut facts = facts(now, due);
            facts.server.as_mut().unwrap().replicas = replicas;
            let settings = DoctorSettings { has_direct_url, ..settings(10, is_pooled) };
            connected(&facts, &settings).map(|finding| finding.state)
        };
        let plain = (false, false);
        assert_eq!(judged(0, None, plain), Some(Ok), "before the first start");
        assert_eq!(judged(0, Some(now), plain), Some(Warn));
        assert_eq!(judged(1, Some(now), plain), Some(Ok));
        assert_eq!(judged(0, Some(now), (true, false)), None, "no session, no notifications");
        assert_eq!(judged(0, Some(now), (true, true)), Some(Warn));
        assert_eq!(connected(&DatabaseFacts { server: None, ..facts(now, None) }, &settings(1, false)), None);
    }
}
