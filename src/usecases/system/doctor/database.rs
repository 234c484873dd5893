use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::check::DoctorCheck;
use super::connections;
use super::finding::Finding;
use super::partitions;
use super::processes;
use super::settings::DoctorSettings;
use crate::domain::{Timestamp, counted};
use crate::ports::inspection::{DatabaseFacts, DatabaseInspector};
use crate::ports::{Clock, Migration, Migrations, Obstacle, StoreError, StoreProbe, Unusable};

const NAME: &str = "database";
const SCHEMA: &str = "schema";
const WRITABLE: &str = "database_writable";
const RIGHTS: &str = "database_rights";
const CLOCK: &str = "clock";
const POOLER: &str = "pooler";

/// A difference of the clocks that the leeway of tokens (30 s) still covers.
const CLOSE: Duration = Duration::from_secs(10);
/// The leeway of the verifier of access tokens.
const LEEWAY: Duration = Duration::from_secs(30);

/// Checks the database, and, if it is reachable, everything that needs it.
pub(super) struct DatabaseCheck {
    pub database: Arc<dyn DatabaseInspector>,
    pub migrations: Arc<dyn Migrations>,
    pub store_probe: Arc<dyn StoreProbe>,
    pub clock: Arc<dyn Clock>,
    pub settings: DoctorSettings,
}

#[async_trait]
impl DoctorCheck for DatabaseCheck {
    fn name(&self) -> &'static str {
        NAME
    }

    /// There are ten statements.
    fn limit(&self) -> Duration {
        self.settings.database_wait * 11
    }

    async fn run(&self) -> Vec<Finding> {
        let url = &self.settings.database_url;
        let migrations = match self.migrations.status().await {
            Ok(migrations) => migrations,
            Err(error) => return vec![unreachable(url, &error)],
        };
        let schema = schema(&migrations);
        let is_migrated = migrations.iter().all(|migration| migration.applied);
        let began = self.clock.monotonic();
        let facts = match self.database.inspect().await {
            Ok(facts) => facts,
            Err(error) => return vec![unreachable(url, &error), schema],
        };
        let measuring = self.clock.monotonic().saturating_sub(began);
        let mut findings = vec![
            Finding::ok(
                NAME,
                format!("{}, {}, {url}, {}", facts.product, facts.encoding, megabytes(facts.bytes)),
            ),
            schema,
        ];
        findings.extend(pooler(&self.settings));
        // Without its tables there is nothing to write to.
        if is_migrated {
            findings.push(writable(&self.store_probe.check_writable().await));
            findings.extend(rights(&facts));
            findings.extend(partitions::judge(&facts, &self.settings, self.clock.now()));
            findings.push(processes::worker(&facts, self.clock.now()));
            findings.extend(processes::connected(&facts, &self.settings));
        }
        findings.extend(clock(&facts, self.clock.now(), measuring));
        findings.extend(connections::judge(&facts, &self.settings));
        findings
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}

fn unreachable(url: &str, error: &StoreError) -> Finding {
    let cause = match error {
        StoreError::Direct(cause) => cause,
        error => error,
    };
    let cure = match cause {
        StoreError::Unusable(Unusable::Login, _) => {
            "correct the user, the password or the rights of the role in database.url"
        }
        StoreError::Unusable(Unusable::Address, _) => {
            "correct the host, the port or the name of the database in database.url, or create the database"
        }
        StoreError::Blocked(Obstacle::Rights, _) => {
            "grant the role of database.url the rights, or let the user of the service read and write the file \
             of the database and its folder"
        }
        StoreError::Blocked(Obstacle::Disk, _) => "free disk space for the database, and check its disk",
        StoreError::Blocked(Obstacle::OpenFiles, _) => {
            "raise the limit of open files (`ulimit -n`, or `LimitNOFILE=` of a unit of systemd)"
        }
        StoreError::Blocked(Obstacle::ServerFiles, _) => {
            "raise the limit of open files of the database server (`LimitNOFILE=` of its unit, `fs.file-max`), or \
             lower its `max_files_per_process`"
        }
        StoreError::Blocked(Obstacle::NoFile, _) => "correct the path in database.url, or restore the file",
        StoreError::Unusable(Unusable::Unsupported, _) => {
            "change what the text names: a database in UTF-8, or database.pooler = \"transaction\" with \
             database.direct_url behind a pooler in transaction mode"
        }
        _ => "start the database, and check that nothing between it and this machine refuses the connection",
    };
    let means = "the service is not ready: it serves no request, and every check below that needs the database is left out";
    Finding::fail(NAME, format!("{url}: {error}"), means, cure)
}

fn schema(migrations: &[Migration]) -> Finding {
    let newer = migrations.iter().filter(|migration| migration.is_newer).count() as u64;
    if newer > 0 {
        return Finding::warn(
            SCHEMA,
            format!("a newer release has applied {}", counted(newer, "migration")),
            "this release works on the schema while replicas are replaced, but its `svc migrate` refuses it, \
             and so does `svc serve` on SQLite",
            "complete the upgrade: replace this binary by one of the newer release",
        );
    }
    let pending: Vec<_> = migrations.iter().filter(|migration| !migration.applied).collect();
    let count = migrations.len();
    match pending.first() {
        None => Finding::ok(SCHEMA, format!("all {count} migrations are applied")),
        Some(first) => Finding::fail(
            SCHEMA,
            format!(
                "{} of {count} migrations are pending, from {} ({})",
                pending.len(),
                first.version,
                first.description
            ),
            "the service is not ready until the schema is up to date",
            "run `svc migrate`",
        ),
    }
}

fn pooler(settings: &DoctorSettings) -> Option<Finding> {
    if !settings.is_pooled {
        return None;
    }
    Some(if settings.has_direct_url {
        Finding::ok(POOLER, "transaction mode, with a direct connection for migrations and notifications")
    } else {
        Finding::warn(
            POOLER,
            "database.pooler is \"transaction\" and database.direct_url is not set",
            "migrations cannot run, slow statements cannot be cancelled, and events wait for the next poll",
            "set database.direct_url to the server itself",
        )
    })
}

fn writable(probe: &Result<(), StoreError>) -> Finding {
    match probe {
        Ok(()) => Finding::ok(WRITABLE, "takes writes"),
        Err(error @ StoreError::ReadOnly(_)) => Finding::fail(
            WRITABLE,
            error.to_string(),
            "users cannot register, log in or change anything",
            "name the primary in database.url, or all hosts with target_session_attrs=primary; or end the \
             read-only mode of the database, or make its file writable",
        ),
        Err(error) => Finding::fail(
            WRITABLE,
            error.to_string(),
            "users cannot register, log in or change anything",
            "grant the role the right to write, and check for locks and free disk space",
        ),
    }
}

fn rights(facts: &DatabaseFacts) -> Option<Finding> {
    let server = facts.server.as_ref()?;
    Some(if server.missing_rights.is_empty() {
        Finding::ok(RIGHTS, "the role may read and change every table")
    } else {
        Finding::fail(
            RIGHTS,
            format!("the role lacks {}", server.missing_rights.join(", ")),
            "requests and clean-up jobs that need these rights fail",
            "GRANT them to the role of database.url, or run the service as the owner of the tables",
        )
    })
}

/// The server read its clock at some time of the measurement, so the difference is known within its duration.
fn clock(facts: &DatabaseFacts, now: Timestamp, measuring: Duration) -> Option<Finding> {
    let server = facts.server.as_ref()?.now;
    let difference = now.since(server).max(server.since(now));
    let difference = difference.saturating_sub(measuring);
    let seconds = difference.as_secs_f64();
    let measured = format!("{seconds:.1} s between this machine and the database");
    let cure = "synchronize the clocks of all machines, for example with chrony or systemd-timesyncd";
    Some(if difference > LEEWAY {
        let means = "access tokens that another replica issues are refused, and sessions and leases end at the wrong time";
        Finding::fail(CLOCK, measured, means, cure)
    } else if difference > CLOSE {
        let means = "sessions and leases end at the wrong time, and access tokens are refused if the difference grows to 30 s";
        Finding::warn(CLOCK, measured, means, cure)
    } else {
        Finding::ok(CLOCK, measured)
    })
}

#[cfg(test)]
mod tests {
    use super::super::finding::FindingState::{Fail, Ok, Warn};
    use super::super::processes::tests::facts;
    use super::*;

    #[test]
    fn clocks_may_differ_by_what_was_measured_and_a_little() {
        let ours = Timestamp::from_micros(1_000_000_000_000).unwrap();
        let seconds = Duration::from_secs;
        for (difference, measuring, state) in
            [(9, 0, Ok), (12, 5, Ok), (12, 0, Warn), (31, 0, Fail), (60, 20, Fail)]
        {
            for theirs in [ours.plus(seconds(difference)), ours.minus(seconds(difference))] {
                let finding = clock(&facts(theirs, None), ours, seconds(measuring)).unwrap();
                assert_eq!(finding.state, state, "{difference}: {finding:?}");
            }
        }
    }
}
