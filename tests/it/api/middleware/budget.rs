use std::time::Instant;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::floods::HELD;
use super::heads::exchange;
use crate::support::app::{Login, PASSWORD};
use crate::support::http2::{
    END_HEADERS, ENHANCE_YOUR_CALM, Ended, GOAWAY, HEADERS, Http2, INITIAL_WINDOW_SIZE, WINDOW_UPDATE, block,
    frame, get,
};
use crate::support::process::until;
use crate::support::raw::Raw;
use crate::support::{App, Backend, both_backends};

const LIVE: &[u8] = b"GET /health/live HTTP/1.1\r\nhost: svc.test\r\n\r\n";

fn overloaded() -> (u64, String) {
    (503, "overloaded".to_owned())
}

/// Opens an HTTP/1 connection and gets the answer of one request; `None` if it was closed before.
async fn connected(app: &App) -> Option<TcpStream> {
    let mut socket = TcpStream::connect(app.client.base.trim_start_matches("http://")).await.unwrap();
    let _ = socket.write_all(LIVE).await;
    let mut read = Vec::new();
    while !read.ends_with(b"\"checks\":[]}") {
        let byte = socket.read_u8().await.ok()?;
        read.push(byte);
    }
    Some(socket)
}

/// Starts a log-in without sending its body.
async fn begin_to_log_in(client: &mut Http2) -> u32 {
    begin_to_log_in_from(client, &[]).await
}

/// Starts a log-in with more fields and without its body.
async fn begin_to_log_in_from(client: &mut Http2, fields: &[(&str, &str)]) -> u32 {
    let stream = client.next_stream();
    let more = fields;
    let fields = [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/api/v1/auth/login"),
        (":authority", "svc.test"),
    ];
    let fields = [&fields[..], &[("content-type", "application/json")], more].concat();
    client.send(&frame(HEADERS, END_HEADERS, stream, &block(&fields))).await;
    stream
}

/// Lets the service send the answers on this stream.
async fn read_on(client: &mut Http2, stream: u32) {
    client.send(&frame(WINDOW_UPDATE, 0, stream, &0x1_0000_u32.to_be_bytes())).await;
}

/// Requests a page of users, which is a long answer, without reading it.
async fn list_users(client: &mut Http2, admin: &Login) -> u32 {
    let bearer = format!("Bearer {}", admin.access);
    let fields = [&get("/api/v1/users?limit=200")[..], &[("authorization", &bearer)]].concat();
    client.request(&fields).await
}

/// Makes an administrator, and as many users as fit on one page.
async fn crowded(backend: Backend, memory: &str) -> (App, Login) {
    let app = App::start_with(backend, &[memory], |builder| builder).await;
    let admin = app.new_admin().await;
    for _ in 0..200 {
        let body = json!({ "email": App::address(), "password": PASSWORD, "name": "x".repeat(100) });
        app.client.post("/api/v1/auth/register", &body).await.expect(201);
    }
    (app, admin)
}

both_backends! {
    async fn a_head_that_is_too_large_is_refused(backend: Backend) {
        let app = App::start(backend).await;
        let refused = (431, "headers_too_large".to_owned());
        let long = format!("/health/live?{}", "a".repeat(9_000));
        for raw in [Raw::new("GET", &long), Raw::new("GET", "/health/live").header("x", &[b'x'; 9_000])] {
            assert_eq!(raw.send(&app.client).await.unwrap().rejection(), refused);
        }
        let mut client = Http2::connect(&app.client, &[]).await;
        let fields = |count: usize| [&get("/health/live")[..], &vec![("x", "y"); count]].concat();
        let stream = client.request(&fields(100)).await;
        let Ended::Answered(body) = client.ended(stream).await else { panic!("it was closed") };
        assert!(body.starts_with(b"{\"status\":\"ok\""));
        for many in [fields(101), [&get("/health/live")[..], &[("x", &"y".repeat(9_000))]].concat()] {
            let stream = client.request(&many).await;
            assert_eq!(client.rejection(stream).await, (431, "headers_too_large".to_owned()));
        }
        // A larger head is refused while it is read, so there is no request to answer with a problem.
        let stream = client.request(&[&get("/health/live")[..], &[("x", &"y".repeat(16_200))]].concat()).await;
        assert_eq!(client.ended(stream).await, Ended::Answered(Vec::new()));
        let endless = ["GET / HTTP/1.1\r\nhost: svc.test\r\nx: ", &"x".repeat(20_000)].concat();
        let many = ["GET / HTTP/1.1\r\nhost: svc.test\r\n", &"x: y\r\n".repeat(100), "\r\n"].concat();
        for text in [endless, many] {
            assert!(exchange(&app, &text).await.starts_with("HTTP/1.1 431 "));
        }
        drop(client);
        app.stop().await;
    }

    async fn requests_without_a_token_do_not_pile_up_on_a_connection(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let mut client = Http2::connect(&app.client, &[]).await;
        for _ in 0..50 {
            begin_to_log_in(&mut client).await;
        }
        let refused = begin_to_log_in(&mut client).await;
        assert_eq!(client.rejection(refused).await, overloaded());
        // Another connection of the address is not affected, and all memory is released.
        app.me(&login.access).await.expect(200);
        drop(client);
        let mut client = Http2::connect(&app.client, &[]).await;
        let stream = client.request(&get("/health/live")).await;
        assert!(matches!(client.ended(stream).await, Ended::Answered(_)));
        drop(client);
        app.stop().await;
    }

    async fn requests_of_one_address_do_not_pile_up(backend: Backend) {
        // Room for 51 requests, of which an address may use half.
        let app = App::start_with(backend, &["limits.memory=16MiB"], |builder| builder).await;
        let mut client = Http2::connect(&app.client, &[]).await;
        for _ in 0..26 {
            begin_to_log_in(&mut client).await;
        }
        let refused = begin_to_log_in(&mut client).await;
        assert_eq!(client.rejection(refused).await, overloaded());
        // Nor over another connection.
        let refused = app.client.get("/health/live", None).await;
        assert_eq!(refused.rejection(), (503, "overloaded".to_owned()));
        assert_eq!(refused.header("retry-after"), "1");
        drop(client);
        until(async || app.client.get("/health/live", None).await.status == 200).await;
        app.stop().await;
    }

    async fn requests_of_several_addresses_leave_room_for_the_next(backend: Backend) {
        // Room for 51 requests: an address may use at most as many as are free.
        let settings = ["limits.memory=16MiB", "server.trusted_proxies=127.0.0.1"];
        let app = App::start_with(backend, &settings, |builder| builder).await;
        let mut held = Vec::new();
        for (address, most) in [("203.0.113.1", 26), ("203.0.113.2", 13), ("203.0.113.3", 6)] {
            let mut client = Http2::connect(&app.client, &[]).await;
            let from = [("x-forwarded-for", address)];
            for _ in 0..most {
                begin_to_log_in_from(&mut client, &from).await;
            }
            let refused = begin_to_log_in_from(&mut client, &from).await;
            assert_eq!(client.rejection(refused).await, overloaded(), "{address}");
            held.push(client);
        }
        let next = app.client.request(Method::GET, "/health/live").header("X-Forwarded-For", "203.0.113.4");
        app.client.answer(next).await.expect(200);
        drop(held);
        app.stop().await;
    }

    async fn connections_of_one_address_do_not_pile_up(backend: Backend) {
        // Room for 64 connections, of which an address may use a quarter.
        let app = App::start_with(backend, &["limits.memory=8MiB"], |builder| builder).await;
        let mut open = Vec::new();
        for _ in 0..16 {
            open.push(connected(&app).await.expect("there is room"));
        }
        let begun = Instant::now();
        assert!(connected(&app).await.is_none());
        assert!(begun.elapsed() >= HELD, "its client could connect again at once");
        open.pop();
        until(async || connected(&app).await.is_some()).await;
        app.stop().await;
    }

    async fn connections_that_may_not_use_http_2_leave_room_for_http_1(backend: Backend) {
        // Room for 64 connections, 4 of them over HTTP/2. An address may use a quarter of each.
        let app = App::start_with(backend, &["limits.memory=8MiB"], |builder| builder).await;
        let mut clients = Vec::new();
        for number in 0..24 {
            let mut client = Http2::connect(&app.client, &[]).await;
            client.request(&get("/health/live")).await;
            let answer = loop {
                let frame = client.next().await.expect("an answer or a reason");
                if [HEADERS, GOAWAY].contains(&frame.kind) {
                    break frame.kind;
                }
            };
            assert_eq!(answer, if number == 0 { HEADERS } else { GOAWAY }, "{number}");
            clients.push(client);
        }
        app.client.get("/health/live", None).await.expect(200);
        drop(clients);
        app.stop().await;
    }

    async fn connections_of_a_trusted_proxy_are_not_those_of_one_address(backend: Backend) {
        let settings = ["limits.memory=8MiB", "server.trusted_proxies=127.0.0.1"];
        let app = App::start_with(backend, &settings, |builder| builder).await;
        let mut open = Vec::new();
        for _ in 0..24 {
            open.push(connected(&app).await.expect("there is room"));
        }
        app.stop().await;
    }

    async fn connections_over_http_2_are_bounded(backend: Backend) {
        // Room for 4 of them.
        let settings = ["limits.memory=8MiB", "server.trusted_proxies=127.0.0.1"];
        let app = App::start_with(backend, &settings, |builder| builder).await;
        let ask = async || {
            let mut client = Http2::connect(&app.client, &[]).await;
            let stream = client.request(&get("/health/live")).await;
            (client.ended(stream).await, client)
        };
        let mut open = Vec::new();
        for _ in 0..4 {
            let (ended, client) = ask().await;
            assert!(matches!(ended, Ended::Answered(_)));
            open.push(client);
        }
        // The connections of a proxy are not held, so it may not get the reason before the end.
        assert!(matches!(ask().await.0, Ended::GoneAway(ENHANCE_YOUR_CALM) | Ended::Closed));
        app.client.get("/health/live", None).await.expect(200);
        open.pop();
        until(async || matches!(ask().await.0, Ended::Answered(_))).await;
        drop(open);
        app.stop().await;
    }

    async fn answers_that_are_not_read_are_bounded(backend: Backend) {
        // Room for 1 MiB of answers to one address.
        let (app, admin) = crowded(backend, "limits.memory=16MiB").await;
        let long = app.client.get("/api/v1/users?limit=200", Some(&admin.access)).await;
        let fits = (1 << 20) / long.bytes.len();
        assert!((10..20).contains(&fits), "{} bytes", long.bytes.len());
        let mut held = Http2::connect(&app.client, &[(INITIAL_WINDOW_SIZE, 0)]).await;
        for _ in 0..fits {
            let stream = list_users(&mut held, &admin).await;
            held.answered(stream).await;
        }
        let refused = list_users(&mut held, &admin).await;
        read_on(&mut held, refused).await;
        assert_eq!(held.rejection(refused).await, overloaded());
        let other = app.client.get("/api/v1/users?limit=200", Some(&admin.access)).await;
        assert_eq!(other.rejection(), (503, "overloaded".to_owned()));
        // There is room for a short answer.
        app.me(&admin.access).await.expect(200);
        drop(held);
        until(async || app.client.get("/api/v1/users?limit=200", Some(&admin.access)).await.status == 200).await;
        app.stop().await;
    }

    async fn files_that_are_not_read_cost_nothing(backend: Backend) {
        let app = App::start_with(backend, &["limits.memory=16MiB"], |builder| builder).await;
        let mut client = Http2::connect(&app.client, &[(INITIAL_WINDOW_SIZE, 0)]).await;
        for _ in 0..20 {
            client.request(&get("/docs/swagger-ui.js")).await;
        }
        let whole = app.client.get("/docs/swagger-ui.js", None).await;
        assert!(whole.status == 200 && whole.bytes.len() > 1_000_000);
        // Answers to a client that reads do not count for others.
        let stream = client.request(&get("/health/live")).await;
        read_on(&mut client, stream).await;
        let Ended::Answered(body) = client.ended(stream).await else { panic!("it was closed") };
        assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["status"], "ok");
        drop(client);
        app.stop().await;
    }
}
