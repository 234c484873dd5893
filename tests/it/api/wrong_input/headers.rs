use reqwest::Method;
use reqwest::header::{AUTHORIZATION, USER_AGENT};
use serde_json::json;

use crate::support::app::{Login, PASSWORD};
use crate::support::raw::Raw;
use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn an_agent_may_call_itself_anything(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register(&App::address()).await;
        let long = "x".repeat(8000);
        let agents: [(&[u8], Option<&str>); 5] = [
            (long.as_bytes(), Some(&long[..256])),
            (b"caf\xc3\xa9", Some("caf\u{e9}")),
            (b"\xff\xfe", Some("\u{fffd}\u{fffd}")),
            (b"a\tb", Some("ab")),
            (b"", None),
        ];
        for (agent, shown) in agents {
            let request = app.client.request(Method::POST, "/api/v1/auth/login").header(USER_AGENT, agent);
            let request = request.json(&json!({ "email": user["email"], "password": PASSWORD }));
            let login = Login::of(&app.client.answer(request).await.expect(200));
            let sessions = app.client.get("/api/v1/auth/sessions", Some(&login.access)).await.expect(200);
            let sessions = sessions["items"].as_array().unwrap();
            let own = sessions.iter().find(|session| session["current"] == true).unwrap();
            assert_eq!(own["client_agent"], json!(shown));
        }
        app.stop().await;
    }

    async fn a_valid_request_id_is_kept(backend: Backend) {
        let app = App::start(backend).await;
        let longest = "x".repeat(128);
        for (given, kept) in [
            (&b"abc-123"[..], true), (longest.as_bytes(), true), (b"", false), (b"a b", false), (b"a\tb", false),
            (b"\xff", false), (b"caf\xc3\xa9", false), (&b"x".repeat(129), false),
        ] {
            for path in ["/health/live", "/nowhere", "/api/v1/users/me"] {
                let request = app.client.request(Method::GET, path).header("x-request-id", given);
                let answer = app.client.answer(request).await;
                let id = answer.header("x-request-id");
                assert_eq!(id.as_bytes() == given, kept, "{path} {id}");
                assert!(!id.is_empty());
            }
        }
        app.stop().await;
    }

    async fn a_token_comes_in_one_form(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let token = login.access.as_bytes();
        let of = |scheme: &[u8], rest: &[u8]| [scheme, b" ", rest].concat();
        let good = [of(b"Bearer", token), of(b"bearer", token), of(b"BEARER", token)];
        for value in good {
            let request = app.client.request(Method::GET, "/api/v1/users/me").header(AUTHORIZATION, value);
            app.client.answer(request).await.expect(200);
        }
        let bad = [
            vec![], b"Bearer".to_vec(), b"Bearer ".to_vec(), b"Bearer \xff".to_vec(), b"\xff".to_vec(), token.to_vec(),
            of(b"Basic", token), of(b"Token", token), of(b"Bearer", &of(token, token)), [b"Bearer", token].concat(),
            of(b"Bearer", &[token, b","].concat()), of(b"Bearer", "x".repeat(8_000).as_bytes()),
        ];
        for value in bad {
            let shown = String::from_utf8_lossy(&value[..value.len().min(40)]).into_owned();
            let request = app.client.request(Method::GET, "/api/v1/users/me").header(AUTHORIZATION, value);
            assert_eq!(app.client.answer(request).await.rejection(), (401, "invalid_token".to_owned()), "{shown}");
        }
        app.stop().await;
    }

    async fn no_other_header_matters(backend: Backend) {
        let app = App::start(backend).await;
        let headers = [
            "accept", "accept-language", "accept-charset", "cookie", "origin", "referer", "range", "if-none-match", "if-match",
            "if-modified-since", "x-forwarded-for", "forwarded", "x-forwarded-proto", "x-http-method-override", "date", "via",
            "upgrade", "te", "content-language", "accept-encoding", "x-original-url", "prefer", "traceparent", "max-forwards",
        ];
        let values = [&b""[..], b"DELETE", b"\xff\xfe", b"\"", b"*", b",,;;==", b"-1", b"/api/v1/users/me", &[b'x'; 8000]];
        for name in headers {
            for value in values {
                for path in ["/health/live", "/.well-known/jwks.json"] {
                    let answer = Raw::new("GET", path).header(name, value).send(&app.client).await;
                    let status = answer.unwrap().status;
                    let held = (name, value, path) == ("if-none-match", b"*", "/.well-known/jwks.json");
                    assert_eq!(status, if held { 304 } else { 200 }, "{name}: {}", String::from_utf8_lossy(value));
                }
            }
        }
        app.stop().await;
    }
}
