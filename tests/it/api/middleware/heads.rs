use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::app::PASSWORD;
use crate::support::http2::{Ended, Http2};
use crate::support::raw::Raw;
use crate::support::{App, Backend, both_backends};

const LIVE: &str = "GET /health/live HTTP/1.1\r\nhost: svc.test\r\n\r\n";

/// Sends a text and returns everything that arrives until the service closes the connection.
pub(super) async fn exchange(app: &App, text: &str) -> String {
    let mut socket = TcpStream::connect(app.client.base.trim_start_matches("http://")).await.unwrap();
    let _ = socket.write_all(text.as_bytes()).await;
    let mut read = Vec::new();
    let _ = socket.read_to_end(&mut read).await;
    String::from_utf8_lossy(&read).into_owned()
}

fn statuses(answers: &str) -> Vec<&str> {
    answers.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect()
}

both_backends! {
    async fn a_line_that_ends_with_a_line_feed_alone_is_refused(backend: Backend) {
        let app = App::start(backend).await;
        let login = "POST /api/v1/auth/login HTTP/1.1\r\nhost: svc.test\r\ncontent-type: application/json\r\n";
        let chunked = format!("{login}transfer-encoding: chunked\r\n\r\n");
        for bad in [
            "GET /health/live HTTP/1.1\nhost: svc.test\n\n".to_owned(),
            "GET /health/live HTTP/1.1\r\nhost: svc.test\nx: y\r\n\r\n".to_owned(),
            "GET /health/live HTTP/1.1\r\nhost: svc.test\r\n\n".to_owned(),
            format!("{login}content-length: 2\ntransfer-encoding: chunked\r\n\r\n{{}}"),
            format!("{chunked}2\n{{}}\r\n0\r\n\r\n"),
        ] {
            assert_eq!(statuses(&exchange(&app, &bad).await), ["400"], "{bad:?}");
            assert_eq!(statuses(&exchange(&app, &[LIVE, &bad, LIVE].concat()).await), ["200", "400"], "{bad:?}");
        }
        app.stop().await;
    }

    async fn a_body_has_one_length(backend: Backend) {
        let app = App::start(backend).await;
        let login = "POST /api/v1/auth/login HTTP/1.1\r\nhost: svc.test\r\ncontent-type: application/json\r\n";
        for lengths in [
            "content-length: 2\r\ncontent-length: 2",
            "content-length: 2\r\ntransfer-encoding: chunked",
            "transfer-encoding: chunked\r\ncontent-length: 2",
            "content-length: +2",
        ] {
            let bad = format!("{login}{lengths}\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n");
            assert_eq!(statuses(&exchange(&app, &[LIVE, &bad, LIVE].concat()).await), ["200", "400"], "{lengths}");
        }
        app.stop().await;
    }

    async fn line_feeds_in_bodies_are_read(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register(&App::address()).await;
        let body = format!("\n{{\n\n\"email\": {},\n\"password\": {}\n}}\n\n", user["email"], json!(PASSWORD));
        let login = || Raw::new("POST", "/api/v1/auth/login").header("content-type", b"application/json");
        login().body(body.as_bytes()).send(&app.client).await.unwrap().expect(200);
        let chunks = format!("{:x};a=b\r\n{body}\r\n0\r\nx: y\r\n\r\n", body.len());
        login().chunked(chunks.as_bytes()).send(&app.client).await.unwrap().expect(200);
        app.stop().await;
    }

    async fn a_head_that_two_servers_could_read_differently_is_refused(backend: Backend) {
        let app = App::start(backend).await;
        let body = b"2\r\n{}\r\n0\r\n\r\n";
        let login = || Raw::new("POST", "/api/v1/auth/login").keep_alive();
        let json = |raw: Raw| raw.header("content-type", b"application/json");
        for raw in [
            json(login()).header("transfer-encoding", b"chunked, chunked").bytes(body),
            json(login()).header("transfer-encoding", b"gzip, chunked").bytes(body),
            json(login()).header("transfer-encoding", b"chunked").header("transfer-encoding", b"chunked").bytes(body),
            json(json(login())).header("transfer-encoding", b"chunked").bytes(body),
            json(login().header("content-type", b"text/plain")).header("transfer-encoding", b"chunked").bytes(body),
        ] {
            // `send` reads until the service closes the connection.
            let answer = raw.send(&app.client).await.unwrap();
            assert_eq!(answer.rejection(), (400, "malformed_request".to_owned()));
        }
        app.stop().await;
    }

    async fn over_http_2_a_request_names_one_host_too(backend: Backend) {
        let app = App::start(backend).await;
        let ask = async |more: &[(&str, &str)]| {
            let mut client = Http2::connect(&app.client, &[]).await;
            let always = [(":method", "GET"), (":scheme", "http"), (":path", "/health/live")];
            let stream = client.request(&[&always[..], more].concat()).await;
            (client, stream)
        };
        for good in [
            &[(":authority", "svc.test")][..],
            &[(":authority", "svc.test"), ("host", "svc.test")],
            &[(":authority", "SVC.test:80"), ("host", "svc.test:80")],
            &[("host", "svc.test")],
        ] {
            let (mut client, stream) = ask(good).await;
            let Ended::Answered(body) = client.ended(stream).await else { panic!("{good:?}") };
            assert!(body.starts_with(b"{\"status\":\"ok\""), "{good:?}");
        }
        for bad in [
            &[][..],
            &[(":authority", "svc.test"), ("host", "evil.test")],
            &[(":authority", "svc.test"), ("host", "svc.test"), ("host", "svc.test")],
            &[(":authority", "ada@svc.test")],
            &[("host", "svc.test"), ("host", "svc.test")],
            &[("host", "ada@svc.test")],
        ] {
            let (mut client, stream) = ask(bad).await;
            assert_eq!(client.rejection(stream).await, (400, "malformed_request".to_owned()), "{bad:?}");
        }
        // The library does not accept these as requests, and resets their streams (PROTOCOL_ERROR).
        for worse in [
            &[(":authority", "svc.test"), (":authority", "svc.test")][..],
            &[(":authority", "svc test")],
            &[(":authority", "svc.test"), ("transfer-encoding", "chunked")],
        ] {
            let (mut client, stream) = ask(worse).await;
            assert_eq!(client.ended(stream).await, Ended::Reset(1), "{worse:?}");
        }
        app.stop().await;
    }
}
