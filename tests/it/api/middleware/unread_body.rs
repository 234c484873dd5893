//! Requests that are answered before their body was read. A proxy must not send the next request on a
//! connection that ends.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::raw::Raw;
use crate::support::{App, Backend, both_backends};

const LOG_IN: &str = "/api/v1/auth/login";

/// Reads one answer: the head up to its last header, and a body of the announced length.
async fn read_answer(socket: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
    socket.read_exact(&mut vec![0; length.parse().unwrap()]).await.unwrap();
    head
}

both_backends! {
    async fn an_answer_says_that_the_connection_ends_when_the_body_did_not_come(backend: Backend) {
        let app = App::start(backend).await;
        let text = Raw::new("POST", LOG_IN).keep_alive().header("content-type", b"text/plain");
        let json = || Raw::new("POST", LOG_IN).keep_alive().header("content-type", b"application/json");
        for (raw, status) in [
            (text, 415),
            // Because of the length alone: a client that waits for `100 Continue` gets this answer at once.
            (json().header("expect", b"100-continue").header("content-length", b"1000000000"), 413),
            (Raw::new("PATCH", "/api/v1/users/me").keep_alive(), 401),
            (Raw::new("POST", "/api/v1/nowhere").keep_alive(), 404),
            (Raw::new("POST", "/health/live").keep_alive(), 405),
            // Refused before any endpoint.
            (Raw::new("POST", LOG_IN).keep_alive().header("host", b"twice.test"), 400),
        ] {
            let raw = if status == 413 { raw } else { raw.header("content-length", b"100") };
            // `send` reads until the service closes the connection.
            let answer = raw.send(&app.client).await.unwrap();
            assert_eq!((answer.status, answer.header("connection")), (status, "close"), "{status}");
        }
        app.stop().await;
    }

    async fn the_connection_stays_when_the_body_is_there(backend: Backend) {
        let app = App::start(backend).await;
        let mut socket = TcpStream::connect(app.client.base.trim_start_matches("http://")).await.unwrap();
        for (fields, body) in [
            ("content-length: 1000\r\n", "a".repeat(1000)),
            ("transfer-encoding: chunked\r\n", format!("3e8\r\n{}\r\n0\r\n\r\n", "a".repeat(1000))),
        ] {
            for _ in 0..3 {
                let head = format!("POST {LOG_IN} HTTP/1.1\r\nhost: svc.test\r\ncontent-type: text/plain\r\n{fields}\r\n");
                socket.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
                let answer = read_answer(&mut socket).await;
                assert!(answer.starts_with("http/1.1 415 ") && !answer.contains("\r\nconnection:"), "{answer}");
            }
        }
        app.stop().await;
    }

    async fn no_more_of_a_body_is_discarded_than_may_be_read(backend: Backend) {
        let app = App::start_with(backend, &["limits.body_bytes=1024"], |builder| builder).await;
        let raw = Raw::new("POST", LOG_IN).keep_alive().header("content-type", b"text/plain");
        let answer = raw.body(&[b'a'; 1025]).send(&app.client).await.unwrap();
        assert_eq!((answer.status, answer.header("connection")), (415, "close"));
        app.stop().await;
    }
}
