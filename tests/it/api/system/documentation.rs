use std::io::Read as _;

use flate2::read::GzDecoder;
use reqwest::Method;
use reqwest::header::{ACCEPT_ENCODING, IF_NONE_MATCH};

use svc::domain::EventType;

use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends};

const HTML: &str = "text/html; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Every asset: its path, its type, whether browsers may cache it, and a text that it contains.
const ASSETS: [(&str, &str, bool, &str); 12] = [
    ("/", HTML, false, "href=\"/docs\""),
    ("/openapi.json", "application/json", false, "\"openapi\": \"3.1"),
    ("/asyncapi.json", "application/json", false, "\"asyncapi\": \"3.0.0\""),
    ("/docs/events", HTML, false, "href=\"events.css\""),
    ("/docs/events.css", "text/css; charset=utf-8", true, "color-scheme"),
    ("/docs", HTML, false, "docs/swagger-ui.js"),
    ("/docs/swagger-ui.js", JAVASCRIPT, true, "SwaggerUIBundle"),
    ("/docs/swagger-ui.css", "text/css; charset=utf-8", true, ".swagger-ui"),
    ("/docs/start.js", JAVASCRIPT, true, "openapi.json"),
    ("/redoc", HTML, false, "redoc/redoc.js"),
    ("/redoc/redoc.js", JAVASCRIPT, true, "Redoc"),
    ("/redoc/start.js", JAVASCRIPT, true, "openapi.json"),
];

async fn ask(app: &App, method: Method, path: &str, header: (&'static str, &str)) -> Answer {
    app.client.answer(app.client.request(method, path).header(header.0, header.1)).await
}

fn text(answer: &Answer) -> String {
    let mut text = String::new();
    match answer.header("content-encoding") {
        "gzip" => GzDecoder::new(&answer.bytes[..]).read_to_string(&mut text).unwrap(),
        _ => (&answer.bytes[..]).read_to_string(&mut text).unwrap(),
    };
    text
}

both_backends! {
    async fn the_documentation_is_small_cacheable_and_loads_nothing_from_other_hosts(backend: Backend) {
        let app = App::start(backend).await;
        for (path, content_type, kept, holds) in ASSETS {
            let packed = ask(&app, Method::GET, path, (ACCEPT_ENCODING.as_str(), "br, gzip")).await;
            assert_eq!((packed.status, packed.header("content-type")), (200, content_type), "{path}");
            assert_eq!((packed.header("content-encoding"), packed.header("vary")), ("gzip", "accept-encoding"));
            assert_eq!(packed.header("x-content-type-options"), "nosniff");
            let caching = if kept { "public, max-age=86400" } else { "public, no-cache" };
            assert_eq!(packed.header("cache-control"), caching, "{path}");
            let policy = packed.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"), "{path}");
            assert!(!policy.contains("http") && !policy.contains("unsafe-eval"), "{path}: {policy}");
            assert!(text(&packed).contains(holds), "{path}");

            let plain = ask(&app, Method::GET, path, (ACCEPT_ENCODING.as_str(), "identity")).await;
            assert_eq!(plain.header("content-encoding"), "");
            assert_eq!(text(&plain), text(&packed), "{path}");
            assert_eq!(plain.header("etag"), packed.header("etag"));

            let again = ask(&app, Method::GET, path, (IF_NONE_MATCH.as_str(), packed.header("etag"))).await;
            assert_eq!((again.status, again.bytes.len()), (304, 0), "{path}");
            assert_eq!(again.header("cache-control"), caching);
            let head = ask(&app, Method::HEAD, path, (ACCEPT_ENCODING.as_str(), "gzip")).await;
            assert_eq!((head.status, head.bytes.len(), head.header("etag")), (200, 0, packed.header("etag")));
        }
        app.stop().await;
    }

    async fn the_document_is_the_one_that_the_command_line_prints(backend: Backend) {
        let app = App::start(backend).await;
        let served = app.client.get("/openapi.json", None).await;
        assert_eq!(text(&served), svc::api::openapi_document(&"http://svc.test".into()));
        for path in ["/docs/", "/docs/nothing.js", "/redoc/redoc.js/x", "/openapi.yaml"] {
            assert_eq!(app.client.get(path, None).await.rejection(), (404, "not_found".to_owned()), "{path}");
        }
        app.stop().await;
    }

    async fn the_page_of_events_has_each_type_and_no_script(backend: Backend) {
        let settings = ["queue.namespace=shop"];
        let app = App::start_with(backend, &settings, |builder| builder).await;
        let answer = app.client.get("/docs/events", None).await;
        assert_eq!(answer.header("content-security-policy").split(';').next(), Some("default-src 'none'"));
        let page = text(&answer);
        assert!(page.contains("<code>shop.events</code>") && !page.contains("<script"), "{page}");
        let document: serde_json::Value = serde_json::from_str(&text(&app.client.get("/asyncapi.json", None).await)).unwrap();
        for event_type in EventType::ALL {
            let name = event_type.name();
            assert!(page.contains(&format!("<h2 id=\"{name}\">{name}</h2>")), "{name}");
            assert_eq!(document["components"]["messages"][name]["examples"][0]["payload"]["source"], "http://svc.test");
        }
        app.stop().await;
    }

    async fn without_its_pages_there_is_no_documentation(backend: Backend) {
        let app = App::start_with(backend, &["server.docs=off"], |builder| builder).await;
        for (path, ..) in ASSETS {
            assert_eq!(app.client.get(path, None).await.rejection(), (404, "not_found".to_owned()), "{path}");
        }
        let metadata = app.client.get("/.well-known/oauth-authorization-server", None).await.expect(200);
        assert_eq!(metadata.get("service_documentation"), None);
        assert_eq!(app.client.get("/account/verify-email", None).await.status, 200);
        app.stop().await;
    }
}
