use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object, OpenApi};

use crate::api::problem::{Code, Problem, Refuse, Rejection};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::usecases::{Check, CheckState, Readiness, Verdict};

pub struct Health;

/// The health of the service.
#[derive(Object)]
#[oai(rename = "Health", example)]
pub struct HealthView {
    /// `ok`, or `degraded` while a dependency is down that the service can work without
    status: StatusView,
    /// The state of each dependency
    checks: Vec<CheckView>,
}

/// The state of a dependency.
#[derive(Object)]
#[oai(rename = "HealthCheck")]
pub struct CheckView {
    /// Name of the dependency
    name: String,
    /// State of the dependency
    state: StateView,
    /// The permission that the user of the service lacks, if that is the cause
    #[oai(skip_serializing_if_is_none)]
    missing_right: Option<String>,
}

/// Whether the service works with everything that it uses.
#[derive(Enum)]
#[oai(rename = "HealthStatus", rename_all = "snake_case")]
pub enum StatusView {
    /// Everything is up
    Ok,
    /// Only the cache, the queue or the mail server is not up
    Degraded,
}

/// The state of a dependency: `up` or `down`. The database and the cache can also be `read_only`,
/// `login_refused` (the user, the password or the permissions) or `unsupported` (the encoding of the
/// database, a pooler, or a Redis Cluster); the database can also be `migrations_pending` or `not_found` (the
/// address or the name).
#[derive(Enum)]
#[oai(rename = "HealthState", rename_all = "snake_case")]
pub enum StateView {
    /// It answers
    Up,
    /// It does not answer
    Down,
    /// Its schema is not up to date
    MigrationsPending,
    /// It refuses to write
    ReadOnly,
    /// It refuses the user, the password or the permissions
    LoginRefused,
    /// There is no such address or database
    NotFound,
    /// The service cannot work with it
    Unsupported,
}

impl From<CheckState> for StateView {
    fn from(state: CheckState) -> Self {
        match state {
            CheckState::Up => Self::Up,
            CheckState::Down => Self::Down,
            CheckState::MigrationsPending => Self::MigrationsPending,
            CheckState::ReadOnly => Self::ReadOnly,
            CheckState::LoginRefused => Self::LoginRefused,
            CheckState::NotFound => Self::NotFound,
            CheckState::Unsupported => Self::Unsupported,
        }
    }
}

/// The service is not ready. Clients should send their requests to another replica for now.
pub struct NotReady(String);

#[OpenApi(prefix_path = "/health", tag = "Tag::Health")]
impl Health {
    /// Check whether the process is alive
    ///
    /// Checks no dependency, so that an outage of the database does not restart the process.
    #[oai(path = "/live", method = "get", operation_id = "health_live")]
    async fn live(&self) -> Json<HealthView> {
        Json(HealthView::of(&Readiness { verdict: Verdict::Ready, checks: Vec::new() }))
    }

    /// Check whether the service is ready
    ///
    /// The response is 503 while the database is unreachable or read-only, while its schema is not up to
    /// date, and while the process is stopping. It is 200 with status `degraded` while only the cache or the
    /// queue is down.
    #[oai(path = "/ready", method = "get", operation_id = "health_ready")]
    async fn ready(&self, service: Service<'_>) -> Result<Json<HealthView>, Rejection<NotReady>> {
        ready(service).await
    }

    /// Check the health of the service
    ///
    /// An alias of `/health/ready`.
    #[oai(path = "/", method = "get", operation_id = "health")]
    async fn health(&self, service: Service<'_>) -> Result<Json<HealthView>, Rejection<NotReady>> {
        ready(service).await
    }
}

async fn ready(service: Service<'_>) -> Result<Json<HealthView>, Rejection<NotReady>> {
    if service.shutdown().is_draining() {
        return Err(NotReady("The process is stopping.".to_owned()).into());
    }
    let readiness = service.system.check_readiness.run().await;
    if readiness.verdict == Verdict::NotReady {
        let wrong = readiness.checks.iter().filter(|check| check.state != CheckState::Up);
        let states: Vec<_> = wrong.map(|check| format!("{}: {}", check.name, check.state.as_str())).collect();
        return Err(NotReady(format!("Not ready. {}.", states.join(", "))).into());
    }
    Ok(Json(HealthView::of(&readiness)))
}

impl HealthView {
    fn of(readiness: &Readiness) -> Self {
        let view = |check: &Check| CheckView {
            name: check.name.to_owned(),
            state: check.state.into(),
            missing_right: check.missing_right.clone(),
        };
        let is_degraded = readiness.verdict == Verdict::Degraded;
        let status = if is_degraded { StatusView::Degraded } else { StatusView::Ok };
        Self { status, checks: readiness.checks.iter().map(view).collect() }
    }
}

impl Refuse for NotReady {
    const CODES: &'static [Code] = &[Code::Unavailable];

    fn into_problem(self) -> Problem {
        Problem::new(Code::Unavailable, self.0)
    }
}

impl Example for HealthView {
    fn example() -> Self {
        Self::of(&Readiness {
            verdict: Verdict::Ready,
            checks: vec![
                Check::vital("database", CheckState::Up),
                Check::vital("signing_keys", CheckState::Up),
                Check::spare("cache", CheckState::Up),
                Check::spare("queue", CheckState::Up),
            ],
        })
    }
}
