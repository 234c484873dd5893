//! The metrics page has exactly the metrics of `docs/metrics.md`, and their values change.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use poem::{Endpoint as _, Request};
use serde_json::json;
use svc::worker::handlers::HandlerError;

use super::until;
use crate::support::app::{App, Login, PASSWORD};
use crate::support::handlers::Recorder;
use crate::support::process::{Installation, finish, signal};
use crate::support::{Backend, both_backends};

const DOCUMENT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/metrics.md"));

/// `Accept` of Prometheus 2.
const PROMETHEUS: &str =
    "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

/// The samples of a page by their full names, with labels.
struct Page {
    families: BTreeMap<String, String>,
    samples: BTreeMap<String, String>,
}

impl Page {
    fn read(text: &str) -> Self {
        let mut page = Self { families: BTreeMap::new(), samples: BTreeMap::new() };
        for line in text.lines() {
            if let Some(family) = line.strip_prefix("# TYPE ") {
                let (name, kind) = family.split_once(' ').unwrap();
                // OpenMetrics names a counter without the end of its samples.
                let is_open = text.ends_with("# EOF\n");
                let name =
                    if is_open && kind == "counter" { format!("{name}_total") } else { name.to_owned() };
                assert_eq!(page.families.insert(name, kind.to_owned()), None, "twice: {line}");
            } else if !line.starts_with('#') {
                let (name, value) = line.rsplit_once(' ').unwrap();
                assert_eq!(page.samples.insert(name.to_owned(), value.to_owned()), None, "twice: {line}");
            }
        }
        assert!(text.ends_with('\n'), "{text}");
        page
    }

    /// Gets the page in the format that a client gets who asks for none.
    async fn get(url: &str) -> Self {
        Self::read(&Self::text(url, "*/*", "text/plain; version=0.0.4; charset=utf-8").await)
    }

    /// Gets the page with this `Accept`, which has to be of this media type.
    async fn text(url: &str, accept: &str, kind: &str) -> String {
        let answer = reqwest::Client::new().get(url).header("accept", accept).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], kind);
        assert_eq!(answer.headers()["vary"], "accept");
        answer.text().await.unwrap()
    }

    fn value(&self, name: &str) -> f64 {
        self.samples.get(name).map_or(0.0, |value| value.parse().unwrap())
    }

    /// Returns the value of an integer sample. A missing sample counts as 0.
    fn number(&self, name: &str) -> u64 {
        self.samples.get(name).map_or(0, |value| value.parse().unwrap())
    }
}

/// Returns the names in the table, each with its type.
fn documented() -> BTreeMap<String, String> {
    let rows = DOCUMENT.lines().filter_map(|line| line.strip_prefix("| `"));
    let row = |row: &str| {
        let mut cells = row.split('|').map(str::trim);
        let (name, kind) = (cells.next().unwrap().trim_end_matches('`'), cells.next().unwrap());
        (name.to_owned(), kind.to_owned())
    };
    let rows = rows.map(row);
    rows.filter(|(_, kind)| ["counter", "gauge", "histogram"].contains(&kind.as_str())).collect()
}

fn requests(operation: &str, status: &str) -> String {
    format!("svc_http_request_duration_seconds_count{{operation=\"{operation}\",status=\"{status}\"}}")
}

/// Checks a page with `promtool check metrics`, if it is installed: names, types, help texts and units.
fn promtool_accepts(page: &str) {
    let (input, output) = (Stdio::piped(), Stdio::piped());
    let started = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(input)
        .stdout(output)
        .stderr(Stdio::piped())
        .spawn();
    let mut promtool = match started {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return eprintln!("promtool is not installed: not checked");
        }
        started => started.unwrap(),
    };
    promtool.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
    let ran = promtool.wait_with_output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success() && said.is_empty(), "{said}");
}

both_backends! {
    async fn the_page_has_the_documented_metrics_and_they_change(backend: Backend) {
        let installation = Installation::migrated(backend).await.set("SVC_SERVER__METRICS_LISTEN", "127.0.0.1:0");
        let mut serving = installation.serve_with(&["--with-worker"]);
        let metrics = serving.logged(r#""message":"metrics listener opened""#);
        let url = format!("http://{}/metrics", metrics["listen"].as_str().unwrap());
        let before = Page::get(&url).await;
        assert_eq!(before.families, documented());
        assert_eq!(before.number("svc_events_backlog_known"), 1);
        promtool_accepts(&Page::text(&url, "*/*", "text/plain; version=0.0.4; charset=utf-8").await);
        let open = Page::text(&url, PROMETHEUS, "application/openmetrics-text; version=1.0.0; charset=utf-8").await;
        assert!(open.ends_with("# EOF\n"), "{open}");
        let open = Page::read(&open);
        assert_eq!(open.families, documented());
        // Jobs add series as they run; none is missing.
        let missing = before.samples.keys().filter(|name| !open.samples.contains_key(*name));
        assert_eq!(missing.collect::<Vec<_>>(), Vec::<&String>::new());

        let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
        let wrong = json!({ "email": "ada@example.com", "password": "not this one" });
        serving.client.post("/api/v1/auth/register", &ada).await.expect(201);
        serving.client.post("/api/v1/auth/login", &wrong).await.expect(401);
        let login = Login::of(&serving.client.post("/api/v1/auth/login", &ada).await.expect(200));
        for _ in 0..3 {
            serving.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200);
        }
        serving.client.post("/api/v1/auth/refresh", &json!({ "refresh_token": login.refresh })).await.expect(200);
        reqwest::get(format!("{}/nowhere", serving.client.base)).await.unwrap();
        let handled = "svc_event_effect_seconds_count{handler=\"audit\"}";
        let sent = "svc_mails_total{outcome=\"sent\"}";
        until(async || {
            let page = Page::get(&url).await;
            page.number(handled) >= 2 && page.number(sent) >= 1
        })
        .await;
        let after = Page::get(&url).await;
        for (name, value) in [
            (requests("register", "2xx").as_str(), 1),
            (&requests("log_in", "4xx"), 1),
            (&requests("log_in", "2xx"), 1),
            (&requests("show_me", "2xx"), 3),
            (&requests("other", "4xx"), 1),
            ("svc_http_request_duration_seconds_bucket{le=\"+Inf\",operation=\"show_me\",status=\"2xx\"}", 3),
            ("svc_http_requests_in_flight", 0),
            ("svc_http_requests_abandoned_total", 0),
            ("svc_events_relayed_total", 2),
            (handled, 2),
            ("svc_events_backlog_known", 1),
            ("svc_security_decisions_total{operation=\"log_in\",outcome=\"allowed\"}", 1),
            ("svc_security_decisions_total{operation=\"log_in\",outcome=\"wrong_password\"}", 1),
            (&requests("refresh", "2xx"), 1),
            ("svc_mails_total{outcome=\"sent\"}", 1),
            ("svc_mails_total{outcome=\"failed\"}", 0),
        ] {
            let labels = |name: &str| -> BTreeSet<String> { name.split(['{', ',', '}']).map(str::to_owned).collect() };
            let found = after.samples.iter().find(|(sample, _)| labels(sample) == labels(name));
            assert_eq!(found.map_or(0, |(_, found)| found.parse().unwrap()), value, "{name}\n{:#?}", after.samples);
        }
        for moved in ["svc_http_connections", "svc_cache_misses_total", "svc_cache_loads_total", "svc_uptime_seconds"] {
            assert!(after.value(moved) > before.value(moved), "{moved}");
        }
        for positive in ["process_cpu_seconds_total", "process_open_fds", "process_resident_memory_bytes", "process_threads"] {
            assert!(after.value(positive) > 0.0, "{positive}");
        }
        // A connection that is taken between two readings is in neither of them.
        until(async || {
            let page = Page::get(&url).await;
            ["requests", "worker", "change_feed"].into_iter().all(|pool| {
                let labels = |state: &str| format!("svc_database_connections{{pool=\"{pool}\",state=\"{state}\"}}");
                let open = page.number(&labels("used")) + page.number(&labels("idle"));
                let max = page.number(&format!("svc_database_connections_max{{pool=\"{pool}\"}}"));
                assert!(open <= max, "{pool}: {open} of {max}");
                open > 0
            })
        })
        .await;
        let base = url.trim_end_matches("metrics");
        assert_eq!(reqwest::get(format!("{base}health/ready")).await.unwrap().status(), 404);
    }

    async fn a_worker_has_metrics_too_and_works_without_them_if_the_port_is_taken(backend: Backend) {
        let installation = Installation::migrated(backend).await.set("SVC_SERVER__METRICS_LISTEN", "127.0.0.1:0");
        let mut serving = installation.serve_with(&["--no-worker"]);
        let metrics = serving.logged(r#""message":"metrics listener opened""#);
        let taken = format!("server.metrics_listen={}", metrics["listen"].as_str().unwrap());
        let worker = installation.start(&["consume", "--set", &taken]);
        let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
        serving.client.post("/api/v1/auth/register", &ada).await.expect(201);
        until(async || installation.texts("SELECT type FROM audit").await.len() == 1).await;
        signal(worker.id(), "TERM");
        let ran = finish(worker).expect(0);
        assert!(ran.stderr.contains("failed to open server.metrics_listen"), "{}", ran.stderr);
    }

    async fn failures_and_backlog_are_counted(backend: Backend) {
        let poisoned = Recorder::with("poisoned", |_| Err(HandlerError::Failed("a bad day".to_owned())));
        let handlers = vec![poisoned.handler()];
        let app = App::start_with(backend, &[], |builder| builder.handlers(handlers)).await;
        let metrics = app.container.metrics_endpoint();
        let page = async || {
            let request = Request::builder().uri_str("/metrics").finish();
            Page::read(&metrics.get_response(request).await.into_body().into_string().await.unwrap())
        };
        app.register("ada@example.com").await;
        assert_eq!(page().await.number("svc_events_unrelayed"), 1);
        app.container.start_worker(true);
        until(async || page().await.number("svc_event_handler_failures_total{handler=\"poisoned\"}") >= 1).await;
        // The answer of the database is cached for a while.
        app.clock.advance(Duration::from_secs(4));
        until(async || {
            app.clock.advance(Duration::from_secs(4));
            let page = page().await;
            let waiting = |what: &str| page.number(&format!("svc_event_handler_waiting{what}{{handler=\"poisoned\"}}"));
            (page.number("svc_events_unrelayed"), waiting(""), waiting("_failing"), waiting("_dead")) == (0, 1, 1, 0)
        })
        .await;
        until(async || {
            app.clock.advance(Duration::from_hours(1));
            page().await.number("svc_event_handler_dead_total{handler=\"poisoned\"}") == 1
        })
        .await;
        until(async || {
            app.clock.advance(Duration::from_secs(4));
            page().await.number("svc_event_handler_waiting_dead{handler=\"poisoned\"}") == 1
        })
        .await;
        app.stop().await;
    }
}
