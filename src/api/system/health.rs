use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};

use crate::api::problem::{Code, Problem, Refusal, Refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::shutdown::Shutdown;
use crate::usecases::{Check, CheckState};

pub struct Health;

/// How the service is.
#[derive(Object)]
#[oai(rename = "Health", example)]
pub struct HealthView {
    /// `ok`
    status: String,
    /// The version of the binary
    version: String,
    /// What the service stands on, each with its state
    checks: Vec<CheckView>,
}

/// How one thing is that the service stands on.
#[derive(Object)]
#[oai(rename = "HealthCheck")]
pub struct CheckView {
    /// What it is called
    name: String,
    /// `up`
    state: String,
}

/// The service is not ready: who asks should send its requests elsewhere for now.
pub struct NotReady(String);

#[OpenApi(prefix_path = "/health", tag = "Tag::System")]
impl Health {
    /// Tell whether the process is alive
    ///
    /// Asks nothing else, so that an outage of the database does not have the process restarted.
    #[oai(path = "/live", method = "get", operation_id = "health_live")]
    async fn live(&self) -> Json<HealthView> {
        Json(HealthView::of(&[]))
    }

    /// Tell whether requests can be served
    ///
    /// 503 while the database is out of reach, while its schema is not up to date, and while the process stops.
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
    let checks = service.check_readiness.run().await;
    let wrong: Vec<_> = checks.iter().filter(|check| check.state != CheckState::Up).collect();
    if wrong.is_empty() {
        return Ok(Json(HealthView::of(&checks)));
    }
    let states: Vec<_> =
        wrong.iter().map(|check| format!("{}: {}", check.name, check.state.as_str())).collect();
    Err(NotReady(format!("Not ready. {}.", states.join(", "))).into())
}

impl HealthView {
    fn of(checks: &[Check]) -> Self {
        let view =
            |check: &Check| CheckView { name: check.name.to_owned(), state: check.state.as_str().to_owned() };
        Self {
            status: "ok".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            checks: checks.iter().map(view).collect(),
        }
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
        Self::of(&[
            Check { name: "database", state: CheckState::Up },
            Check { name: "signing_keys", state: CheckState::Up },
        ])
    }
}
