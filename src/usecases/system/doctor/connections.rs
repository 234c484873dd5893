use super::finding::Finding;
use super::settings::DoctorSettings;
use crate::ports::inspection::DatabaseFacts;

const NAME: &str = "connections";

/// The connections of a process beside the pool: two of the worker, one of the change feed, one that listens
/// for notifications, one that cancels statements without an answer.
const OWN: u32 = 5;

/// Compares the connections that all replicas may open with what the server allows.
pub(super) fn judge(facts: &DatabaseFacts, settings: &DoctorSettings) -> Option<Finding> {
    let server = facts.server.as_ref()?;
    let (limit, limited_by) = (server.connection_limit, &server.limited_by);
    if settings.is_pooled {
        return Some(Finding::ok(
            NAME,
            format!("through a pooler; the server allows {limit} ({limited_by})"),
        ));
    }
    let (replicas, each) = (server.replicas.max(1), settings.connections + OWN);
    let needed = replicas.saturating_mul(each);
    let measured = format!(
        "{replicas} × {each} wanted, {limit} allowed ({limited_by}), {} used by others",
        server.others
    );
    let cure = "lower database.max_connections, raise the limit of the server, or put a pooler in between";
    Some(if each > limit || needed > limit {
        let means = "under load, processes wait for connections that the server refuses, and answer 503";
        Finding::fail(NAME, measured, means, cure)
    } else if needed.saturating_add(server.others) > limit {
        let means = "under load, the server refuses connections while others use theirs";
        Finding::warn(NAME, measured, means, cure)
    } else {
        Finding::ok(NAME, measured)
    })
}

#[cfg(test)]
mod tests {
    use super::super::finding::FindingState::{Fail, Ok, Warn};
    use super::super::processes;
    use super::super::settings::tests::settings;
    use super::*;
    use crate::domain::Timestamp;

    fn facts(replicas: u32, others: u32) -> DatabaseFacts {
        let mut facts = processes::tests::facts(Timestamp::EPOCH, None);
        let server = facts.server.as_mut().unwrap();
        (server.replicas, server.others) = (replicas, others);
        facts
    }

    #[test]
    fn every_replica_counts_with_its_own_connections() {
        for (connections, replicas, others, state) in [
            (10, 0, 0, Ok),
            (10, 6, 7, Ok),
            (10, 6, 8, Warn),
            (10, 7, 0, Fail),
            (92, 1, 0, Ok),
            (93, 0, 0, Fail),
        ] {
            let finding = judge(&facts(replicas, others), &settings(connections, false)).unwrap();
            assert_eq!(finding.state, state, "{finding:?}");
        }
        assert_eq!(judge(&facts(9, 0), &settings(50, true)).unwrap().state, Ok);
        assert_eq!(judge(&DatabaseFacts { server: None, ..facts(1, 0) }, &settings(500, false)), None);
    }
}
