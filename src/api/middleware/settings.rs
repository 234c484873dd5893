use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use poem::Request;

use super::admission::Admission;
use crate::api::cookies::Cookies;
use crate::api::problem::Problem;
use crate::api::web_origins::WebOrigins;
use crate::domain::PasswordPolicy;
use crate::ports::Ids;
use crate::ports::inspection::Introduction;
use crate::telemetry::metrics::HttpCounts;
use crate::telemetry::spans::Tracer;

/// Answers a question with what the service has seen of the request. Returns `None` for the question of a
/// stranger: only a process with the same secret key may ask.
pub type Introduce = Box<dyn Fn(&str, &Introduction) -> Option<String> + Send + Sync>;

/// The configuration and dependencies of the middleware. Extractors find it in every request.
pub struct Middleware {
    /// The largest request body, in bytes.
    pub body_limit: usize,
    /// The time limit of a request, including its body.
    pub request_timeout: Duration,
    /// The proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// The origins whose pages may use the service.
    pub web_origins: WebOrigins,
    /// The cookies of browser applications.
    pub cookies: Cookies,
    /// Decides whether a client address is admitted.
    pub admission: Admission,
    /// The policy for new passwords.
    pub password_policy: PasswordPolicy,
    /// Whether clients reach the service only over TLS.
    pub https: bool,
    /// The path of the public URL, without a slash at the end.
    pub base_path: String,
    /// Answers the question of a `svc doctor`.
    pub introduce: Introduce,
    /// Creates request ids.
    pub ids: Arc<dyn Ids>,
    /// Counts requests.
    pub counts: Arc<HttpCounts>,
    /// Begins the spans of requests.
    pub tracer: Tracer,
}

impl Middleware {
    /// The middleware that the request passed.
    pub(in crate::api) fn of(request: &Request) -> Result<&Self, Problem> {
        request.data::<Arc<Self>>().map(Arc::as_ref).ok_or_else(Problem::internal)
    }
}
