use reqwest::Method;

use super::Asking;
use crate::support::document::DOCUMENT;
use crate::support::raw::Raw;
use crate::support::{App, Backend, both_backends};

/// Lists every path of the document with its methods.
fn paths(user: &str) -> impl Iterator<Item = (String, Vec<String>)> {
    let paths = DOCUMENT["paths"].as_object().unwrap().iter();
    paths.map(move |(path, item)| {
        let methods = item.as_object().unwrap().keys().map(|method| method.to_uppercase());
        (path.replace("{id}", user), methods.collect())
    })
}

both_backends! {
    async fn an_unknown_method_gets_the_list_of_allowed_ones(backend: Backend) {
        let asking = Asking::start(backend).await;
        for (path, methods) in paths(&asking.victim) {
            let mut allowed = methods.clone();
            allowed.extend(methods.contains(&"GET".to_owned()).then(|| "HEAD".to_owned()));
            allowed.sort();
            let all = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get", "M-SEARCH"];
            for method in all.into_iter().filter(|method| !allowed.contains(&(*method).to_owned())) {
                let answer = Raw::new(method, &path).send(&asking.app.client).await.unwrap();
                assert_eq!((answer.status, answer.header("allow")), (405, &*allowed.join(", ")), "{method} {path}");
            }
        }
        asking.stop().await;
    }

    async fn head_answers_as_get_does_without_the_body(backend: Backend) {
        let asking = Asking::start(backend).await;
        let paths = paths(&asking.victim).filter(|(_, methods)| methods.contains(&"GET".to_owned()));
        for (path, _) in paths {
            for token in [None, Some(&*asking.admin.access)] {
                let head = asking.app.client.send(Method::HEAD, &path, token, None).await;
                let get = asking.app.client.get(&path, token).await;
                assert_eq!((head.status, head.bytes.len()), (get.status, 0), "{path}");
                for name in ["content-type", "etag", "cache-control", "www-authenticate"] {
                    assert_eq!(head.header(name), get.header(name), "{path}");
                }
            }
        }
        asking.stop().await;
    }

    async fn an_unknown_path_is_not_found_in_any_spelling(backend: Backend) {
        let app = App::start(backend).await;
        let long = format!("/{}", "a".repeat(8_000));
        let deep = "/a".repeat(4_000);
        let paths = [
            "//", "/nowhere", "//health/live", "/health//live", "/health/live/", "/health/live/.", "/./health/live",
            "/health/../health/live", "/%2e%2e/health/live", "/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/health%2flive",
            "/health/live%00", "/%00", "/%ff", "/%", "/%zz", "/%c0%ae", "/api/v1/users/", "/api/v1/users/me/", "/api/v1/users//",
            "/API/V1/users", "/docs/%2e%2e/openapi.json", "/docs/../openapi.json", "/health/live;x=y", "/health/live:", "/.env",
            "/api/v1/users/%ff/sessions", "*", &long, &deep,
        ];
        for path in paths {
            let answer = Raw::new("GET", path).send(&app.client).await.unwrap();
            let shown = &path[..path.len().min(60)];
            assert_eq!(answer.rejection(), (404, "not_found".to_owned()), "{shown}");
        }
        app.stop().await;
    }

    async fn old_and_odd_requests_are_answered(backend: Backend) {
        let app = App::start(backend).await;
        let long = format!("/health/live?{}", "&".repeat(8_000));
        let unknown = format!("/health/live?{}", "a=b&".repeat(2_000));
        let get = |target: &str| Raw::new("GET", target);
        let good = [
            get("/health/live").version("HTTP/1.0"), get("http://svc.test/health/live"), get("/health/live?"),
            get("/health/live?&&&"), get(&long),
        ];
        for raw in good {
            assert_eq!(raw.send(&app.client).await.unwrap().status, 200);
        }
        for target in ["/health/live?%ff=%00&&&", &unknown] {
            assert_eq!(get(target).send(&app.client).await.unwrap().rejection().0, 422);
        }
        let connect = |host| Raw::new("CONNECT", "svc.test:443").hosts(&[host]);
        assert_eq!(connect("svc.test:443").send(&app.client).await.unwrap().status, 404);
        assert_eq!(connect("svc.test").send(&app.client).await.unwrap().status, 400);
        assert_eq!(Raw::new("OPTIONS", "*").send(&app.client).await.unwrap().status, 404);
        app.stop().await;
    }

    async fn a_request_names_one_host(backend: Backend) {
        let asking = Asking::start(backend).await;
        let client = &asking.app.client;
        let raws = || paths(&asking.victim).flat_map(|(path, methods)| {
            methods.into_iter().map(move |method| Raw::new(&method, &path))
        });
        for hosts in [&[][..], &["svc.test", "svc.test"], &["svc.test", "evil.test"], &["ada@svc.test"], &["a b"]] {
            for raw in raws() {
                let answer = raw.hosts(hosts).send(client).await.unwrap();
                assert_eq!(answer.rejection(), (400, "malformed_request".to_owned()), "{hosts:?}");
            }
        }
        let live = |hosts| Raw::new("GET", "/health/live").hosts(hosts);
        let url = Raw::new("GET", "http://evil.test/health/live");
        assert_eq!(url.send(client).await.unwrap().rejection(), (400, "malformed_request".to_owned()));
        for raw in [live(&[""]), live(&["[::1]:8000"]), live(&[]).version("HTTP/1.0")] {
            assert_eq!(raw.send(client).await.unwrap().status, 200);
        }
        asking.stop().await;
    }
}
