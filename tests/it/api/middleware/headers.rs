//! The headers of each kind of answer: the required ones with their values, and the optional ones.

use reqwest::Method;
use serde_json::json;

use crate::support::app::PASSWORD;
use crate::support::client::Answer;
use crate::support::document::DOCUMENT;
use crate::support::{App, Backend, both_backends};

const HSTS: (&str, &str) = ("strict-transport-security", "max-age=63072000");
const DATA: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";
const FEATURES: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
const ONE: &str = "(any value)";

/// The headers that HTTP itself needs for an answer and its body.
const OF_HTTP: [&str; 3] = ["content-length", "content-type", "date"];

#[derive(Clone, Copy, Debug)]
enum Kind {
    Api,
    Problem,
    Page,
    Asset,
    Metadata,
    Health,
}

impl Kind {
    /// Returns every header that an answer of this kind must have.
    fn always(self) -> Vec<(&'static str, &'static str)> {
        let mut all = vec![
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-request-id", ONE),
        ];
        all.extend(match self {
            Self::Api | Self::Problem | Self::Health => vec![
                ("cache-control", "no-store"),
                ("content-security-policy", DATA),
                ("cross-origin-resource-policy", "same-origin"),
            ],
            Self::Metadata => vec![
                ("cache-control", ONE),
                ("content-security-policy", DATA),
                ("cross-origin-resource-policy", "cross-origin"),
            ],
            Self::Asset => vec![
                ("cache-control", ONE),
                ("content-security-policy", ONE),
                ("cross-origin-resource-policy", "same-origin"),
            ],
            Self::Page => vec![
                ("cache-control", ONE),
                ("content-security-policy", ONE),
                ("cross-origin-resource-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("permissions-policy", FEATURES),
            ],
        });
        all
    }

    /// Returns every other header that it can have.
    fn sometimes(self) -> &'static [&'static str] {
        match self {
            Self::Api => &["etag", "location", "set-cookie"],
            Self::Problem => {
                &["allow", "connection", "ratelimit", "ratelimit-policy", "retry-after", "www-authenticate"]
            }
            Self::Page | Self::Asset => &["content-encoding", "content-language", "etag", "vary"],
            Self::Metadata => &["etag"],
            Self::Health => &[],
        }
    }

    /// Checks the answer against the list.
    fn check(self, answer: &Answer, https: bool, shown: &str) {
        let mut always = self.always();
        always.extend(https.then_some(HSTS));
        for (name, value) in &always {
            let given: Vec<_> = answer.headers.get_all(*name).iter().collect();
            assert_eq!(given.len(), 1, "{shown}: {name} of {self:?}");
            assert!(*value == ONE || given[0] == value, "{shown}: {name} is {given:?}");
        }
        for name in answer.headers.keys().map(reqwest::header::HeaderName::as_str) {
            let is_known = always.iter().any(|(known, _)| *known == name)
                || self.sometimes().contains(&name)
                || OF_HTTP.contains(&name);
            assert!(is_known, "{shown}: {name} is not in the list of {self:?}");
        }
    }
}

/// The paths outside the API.
const PAGES: [(&str, Kind); 18] = [
    ("/", Kind::Page),
    ("/docs", Kind::Page),
    ("/redoc", Kind::Page),
    ("/openapi.json", Kind::Asset),
    ("/asyncapi.json", Kind::Asset),
    ("/docs/events", Kind::Page),
    ("/docs/events.css", Kind::Asset),
    ("/docs/swagger-ui.js", Kind::Asset),
    ("/docs/swagger-ui.css", Kind::Asset),
    ("/docs/start.js", Kind::Asset),
    ("/redoc/redoc.js", Kind::Asset),
    ("/redoc/start.js", Kind::Asset),
    ("/account/verify-email", Kind::Page),
    ("/account/confirm-email", Kind::Page),
    ("/account/reset-password", Kind::Page),
    ("/account/accept-invitation", Kind::Page),
    ("/account/page.js", Kind::Asset),
    ("/account/page.css", Kind::Asset),
];

/// Returns the kind of a success of an operation.
fn of_operation(path: &str) -> Kind {
    match path {
        path if path.starts_with("/.well-known/") => Kind::Metadata,
        path if path.starts_with("/health") => Kind::Health,
        _ => Kind::Api,
    }
}

both_backends! {
    async fn every_answer_has_the_headers_of_its_kind_and_no_other(backend: Backend) {
        for https in [false, true] {
            let url = if https { "server.public_url=https://svc.test" } else { "server.public_url=http://svc.test" };
            let app = App::start_with(backend, &[url], |builder| builder).await;
            let admin = app.new_admin().await;
            let (user, _) = app.new_user().await;
            for (path, kind) in PAGES {
                kind.check(&app.client.get(path, None).await, https, path);
                Kind::Problem.check(&app.client.send(Method::POST, path, None, None).await, https, path);
            }
            let mut succeeded = 0;
            for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
                let shown = path;
                let path = path.replace("{id}", user["id"].as_str().unwrap());
                // Operations that read come first, before anything is deleted.
                for method in item.as_object().unwrap().keys().filter(|method| *method == "get") {
                    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                    let answer = app.client.send(method, &path, Some(&admin.access), None).await;
                    // The id is that of a user: nothing of another resource has it.
                    if shown.contains("{id}") && !shown.contains("/users/{id}") {
                        assert_eq!(answer.status, 404, "{shown}");
                        Kind::Problem.check(&answer, https, shown);
                        continue;
                    }
                    assert_eq!(answer.status, 200, "{shown}");
                    of_operation(&path).check(&answer, https, shown);
                    succeeded += 1;
                }
                for method in ["POST", "PATCH", "DELETE", "BREW"] {
                    let method = Method::from_bytes(method.as_bytes()).unwrap();
                    let answer = app.client.send(method, &path, None, None).await;
                    assert!(answer.status >= 400, "{shown}");
                    Kind::Problem.check(&answer, https, shown);
                }
            }
            assert!(succeeded >= 8, "the document has lost operations");
            let changes = [
                (Method::PATCH, "/api/v1/users/me", json!({ "name": "Ada" })),
                (Method::POST, "/api/v1/auth/register", json!({ "email": App::address(), "password": PASSWORD })),
                (Method::POST, "/api/v1/auth/logout-all", json!(null)),
            ];
            for (method, path, body) in changes {
                let answer = app.client.send(method, path, Some(&admin.access), Some(&body)).await;
                assert!(answer.status < 300, "{path}");
                Kind::Api.check(&answer, https, path);
            }
            app.stop().await;
        }
    }
}
