//! Tests of the middleware with a tiny API, without a network.

mod documentation;
mod middleware;
mod reading;

use std::sync::Arc;
use std::time::Duration;

use poem::endpoint::BoxEndpoint;
use poem::http::{HeaderMap, Method, StatusCode};
use poem::{Endpoint as _, Request, RequestBuilder, Response};
use poem_openapi::param::Path;
use poem_openapi::payload::PlainText;
use poem_openapi::{OpenApi, OpenApiService};
use secrecy::SecretString;
use serde_json::Value;
use tokio::sync::Notify;
use uuid::Uuid;

use super::input::{Checked, Cursor, JsonBody, Limit, checked, input};
use super::problem::{Code, Problem, Refuse, Rejection};
use crate::api::middleware::Middleware;
use crate::api::{Cookies, WebOrigins};
use crate::domain::{
    Client, DisplayName, Email, NewPassword, Password, PasswordPolicy, Role, Salt, SameSite, UserStatus,
};
use crate::ports::Ids;
use crate::telemetry::spans::Tracer;
use crate::usecases::Patch;

input! {
    /// What a person gives
    /// to register.
    pub struct RegisterBody {
        /// Where they are reached.
        pub email: Email,
        /// What opens the account.
        pub password: NewPassword,
        /// What they want to be called.
        pub name: Option<DisplayName>,
    }
}

input! {
    /// What changes.
    pub struct ChangeBody {
        /// `null` takes it away.
        pub name: Patch<DisplayName>,
        /// What they may do.
        pub role: Option<Role>,
        /// Whether they may log in.
        pub status: Option<UserStatus>,
        /// What they know.
        pub password: Option<Password>,
        /// What they hold.
        pub token: Option<SecretString>,
    }
}

#[derive(Debug)]
enum TakenError {
    Taken,
    LastAdmin,
}

impl Refuse for TakenError {
    const CODES: &'static [Code] = &[Code::EmailTaken, Code::LastAdmin];

    fn into_problem(self) -> Problem {
        match self {
            Self::Taken => Problem::new(Code::EmailTaken, "Another user has it."),
            Self::LastAdmin => Problem::new(Code::LastAdmin, "Name another one first."),
        }
    }
}

struct Tiny;

#[expect(clippy::unused_async, reason = "poem-openapi takes async functions only")]
#[OpenApi]
impl Tiny {
    /// Registers.
    #[oai(path = "/people", method = "post", operation_id = "register")]
    async fn register(
        &self,
        body: JsonBody<RegisterBody>,
    ) -> Result<PlainText<String>, Rejection<TakenError>> {
        match body.0.email.key() {
            "taken@example.com" => Err(TakenError::Taken)?,
            "last@example.com" => Err(TakenError::LastAdmin)?,
            key => Ok(PlainText(format!("{key} {:?} {:?}", body.0.password, body.0.name))),
        }
    }

    /// Lists.
    #[oai(path = "/people", method = "get", operation_id = "list")]
    async fn list(
        &self,
        limit: Checked<Limit>,
        cursor: Checked<Cursor>,
        email: Checked<Email>,
        role: Checked<Role>,
    ) -> Result<PlainText<String>, Rejection<TakenError>> {
        let (limit, cursor, email, role) = checked!(limit, cursor, email, role)?;
        let limit = limit.unwrap_or_default().get();
        Ok(PlainText(format!("{limit} {cursor:?} {email:?} {role:?}")))
    }

    /// Changes.
    #[oai(path = "/people/:id", method = "patch", operation_id = "change")]
    async fn change(
        &self,
        id: Path<Uuid>,
        body: JsonBody<ChangeBody>,
    ) -> Result<PlainText<String>, Rejection<TakenError>> {
        let ChangeBody { name, role, status, password, token } = body.0;
        Ok(PlainText(format!("{} {name:?} {role:?} {status:?} {password:?} {token:?}", id.0)))
    }

    /// Who asks.
    #[oai(path = "/client", method = "get", operation_id = "client")]
    async fn client(&self, client: Client) -> PlainText<String> {
        PlainText(format!("{client:?}"))
    }

    /// Panics.
    #[oai(path = "/panic", method = "get", operation_id = "panic")]
    async fn panic(&self) -> PlainText<String> {
        panic!("a secret of the library")
    }

    /// Never answers.
    #[oai(path = "/forever", method = "get", operation_id = "forever")]
    async fn forever(&self) -> PlainText<String> {
        Notify::new().notified().await;
        PlainText(String::new())
    }
}

struct SameId;

impl Ids for SameId {
    fn uuid(&self) -> Uuid {
        Uuid::nil()
    }

    fn salt(&self) -> Salt {
        Salt([0; 16])
    }
}

const NEW_ID: &str = "00000000-0000-0000-0000-000000000000";

/// A service with this request timeout.
fn service(request_timeout: Duration) -> BoxEndpoint<'static> {
    let password_policy = PasswordPolicy::new(8, 256).unwrap();
    let (body_limit, trusted_proxies, ids) = (1024, Vec::new(), Arc::new(SameId));
    let (https, counts) = (false, Arc::default());
    let middleware = Middleware {
        body_limit,
        request_timeout,
        trusted_proxies,
        cookies: Cookies::new(SameSite::Lax, false),
        web_origins: WebOrigins::new("http://svc.test", &[], false),
        admission: Box::new(|_| Ok(())),
        password_policy,
        https,
        base_path: String::new(),
        introduce: Box::new(|_, _| None),
        ids,
        counts,
        tracer: Tracer::default(),
    };
    super::around(Tiny, middleware, Some("https://svc.test".into()), poem::Route::new(), |_| ())
}

/// A response, read completely.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    async fn of(mut response: Response) -> Self {
        let bytes = response.take_body().into_vec().await.unwrap();
        Self { status: response.status(), headers: response.headers().clone(), bytes }
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The problem, after checking the members that each must have.
    fn problem(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.header("cache-control"), "no-store");
        let problem: Value = serde_json::from_slice(&self.bytes).unwrap();
        let code = problem["code"].as_str().unwrap().parse::<Code>().unwrap();
        assert_eq!(problem["status"], self.status.as_u16());
        assert_eq!(problem["status"], code.status().as_u16());
        assert_eq!(problem["type"], code.type_uri());
        assert_eq!(problem["title"], code.title());
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        problem
    }

    /// The status and the code of a problem.
    fn rejection(&self) -> (u16, String) {
        (self.status.as_u16(), self.problem()["code"].as_str().unwrap().to_owned())
    }

    /// The pointers and codes of all violations, sorted.
    fn errors(&self) -> Vec<String> {
        let problem = self.problem();
        let errors = problem["errors"].as_array().unwrap().iter();
        let line = |error: &Value| {
            format!("{} {}", error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap())
        };
        let mut lines: Vec<_> = errors.map(line).collect();
        lines.sort();
        lines
    }
}

/// A request over HTTP/1.1, with the required host.
fn request(path: &str) -> RequestBuilder {
    Request::builder().uri(path.parse().unwrap()).header("host", "svc.test")
}

async fn ask(request: Request) -> Answer {
    Answer::of(service(Duration::from_mins(1)).get_response(request).await).await
}

async fn get(path: &str) -> Answer {
    ask(request(path).finish()).await
}

async fn send(method: Method, path: &str, body: impl Into<poem::Body>) -> Answer {
    ask(request(path).method(method).content_type("application/json").body(body)).await
}

async fn post(body: impl Into<poem::Body>) -> Answer {
    send(Method::POST, "/people", body).await
}

fn rejection(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}
