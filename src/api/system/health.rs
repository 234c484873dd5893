use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};

use crate::api::problem::{Code, Problem, Refusal, Refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::tasks::Shutdown;
use crate::usecases::{Check, CheckState, Readiness, Verdict};

pub struct Health;

/// How the service is.
#[derive(Object)]
#[oai(rename = "Health", example)]
pub struct HealthView {
    /// `ok`, or `degraded` when something is out that the service can do without for a while
    status: String,
    /// What the service stands on, each with its state
    checks: Vec<CheckView>,
}

/// How one thing is that the service stands on.
#[derive(Object)]
#[oai(rename = "HealthCheck")]
pub struct CheckView {
    /// What it is called
    name: String,
    /// `up` or `down`; of the database and the cache also `read_only`, `login_refused` (the user, the password or the
    /// rights) or `unsupported` (the encoding of the database, or a pooler; a Redis Cluster); of the database also
    /// `migrations_pending` or `not_found` (the address or the name)
    state: String,
    /// The right that the service's user lacks there, where that is the cause
    #[oai(skip_serializing_if_is_none)]
    missing_right: Option<String>,
}

/// The service is not ready. Clients should send their requests to another replica for now.
pub struct NotReady(String);

#[OpenApi(prefix_path = "/health", tag = "Tag::System")]
impl Health {
    /// Tell whether the process is alive
    ///
    /// Asks nothing else, so that an outage of the database does not have the process restarted.
    #[oai(path = "/live", method = "get", operation_id = "health_live")]
    async fn live(&self) -> Json<HealthView> {
        Json(HealthView::of(&Readiness { verdict: Verdict::Ready, checks: Vec::new() }))
    }

    /// Tell whether requests can be served
    ///
    /// 503 while the database is out of reach or takes no changes, while its schema is not up to date, and while the
    /// process stops.
    /// 200 with `degraded` while only the cache or the queue is out.
    #[oai(path = "/ready", method = "get", operation_id = "health_ready")]
    async fn ready(
        &self,
        service: Service<'_>,
        shutdown: Data<&Shutdown>,
    ) -> Result<Json<HealthView>, Refusal<NotReady>> {
        ready(service, &shutdown).await
    }

    /// Tell how the service is
    ///
    /// The same as `/health/ready`.
    #[oai(path = "/", method = "get", operation_id = "health")]
    async fn health(
        &self,
        service: Service<'_>,
        shutdown: Data<&Shutdown>,
    ) -> Result<Json<HealthView>, Refusal<NotReady>> {
        ready(service, &shutdown).await
    }
}

async fn ready(service: Service<'_>, shutdown: &Shutdown) -> Result<Json<HealthView>, Refusal<NotReady>> {
    if shutdown.is_draining() {
        return Err(NotReady("The process is stopping.".to_owned()).into());
    }
    let readiness = service.check_readiness.run().await;
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
            state: check.state.as_str().to_owned(),
            missing_right: check.missing_right.clone(),
        };
        let status = if readiness.verdict == Verdict::Degraded { "degraded" } else { "ok" };
        Self { status: status.to_owned(), checks: readiness.checks.iter().map(view).collect() }
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
