use std::time::{Duration, Instant};

use crate::support::http2::{
    DATA, END_HEADERS, END_STREAM, ENHANCE_YOUR_CALM, Ended, GOAWAY, HEADERS, Http2, PING, PRIORITY,
    RST_STREAM, SETTINGS, WINDOW_UPDATE, block, frame, get,
};
use crate::support::process::until;
use crate::support::{App, Backend, both_backends};

/// More than any real client sends in a row.
const MANY: usize = 3_000;
/// How long a connection that is refused stays open.
pub(super) const HELD: Duration = Duration::from_secs(1);

/// Encodes a request whose body does not end.
fn open(stream: u32) -> Vec<u8> {
    let fields = [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/api/v1/auth/login"),
        (":authority", "svc.test"),
        ("content-type", "application/json"),
    ];
    frame(HEADERS, END_HEADERS, stream, &block(&fields))
}

fn requests_that_are_reset() -> Vec<u8> {
    let one = |number: usize| {
        let stream = u32::try_from(2 * number + 1).unwrap();
        [open(stream), frame(RST_STREAM, 0, stream, &[0, 0, 0, 8])].concat()
    };
    (0..MANY).flat_map(one).collect()
}

/// Sends these frames over a new connection, and waits for its end.
async fn flooded(app: &App, flood: &[u8]) {
    let mut client = Http2::connect(&app.client, &[]).await;
    client.send(flood).await;
    while client.next().await.is_some() {}
}

/// Whether a new connection gets the reason of its end, and ends so late that its client cannot come again at
/// once.
async fn is_refused_slowly(app: &App) -> bool {
    let begun = Instant::now();
    let mut client = Http2::connect(&app.client, &[]).await;
    client.request(&get("/health/live")).await;
    let mut reason = None;
    while let Some(frame) = client.next().await {
        match frame.kind {
            GOAWAY => reason = Some(frame.payload),
            HEADERS => return false,
            _ => {}
        }
    }
    let Some(reason) = reason else { return false };
    assert_eq!(reason, [0, 0, 0, 0, 0, 0, 0, 11], "no stream was processed; ENHANCE_YOUR_CALM");
    assert!(begun.elapsed() >= HELD);
    true
}

/// Asks over a new connection.
async fn is_alive(app: &App) -> Ended {
    let mut client = Http2::connect(&app.client, &[]).await;
    let stream = client.request(&get("/health/live")).await;
    client.ended(stream).await
}

both_backends! {
    async fn frames_without_an_answer_end_a_connection(backend: Backend) {
        // A trusted proxy may use HTTP/2 after a flood of one of its clients.
        let app = App::start_with(backend, &["server.trusted_proxies=127.0.0.1"], |builder| builder).await;
        let many = |frame: Vec<u8>| frame.repeat(MANY);
        let floods = [
            ("PING", many(frame(PING, 0, 0, &[7; 8]))),
            ("SETTINGS", many(frame(SETTINGS, 0, 0, &[]))),
            ("PRIORITY", many(frame(PRIORITY, 0, 1, &[0, 0, 0, 0, 16]))),
            ("WINDOW_UPDATE", many(frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1]))),
            ("unknown", many(frame(0xbe, 0, 0, &[]))),
            ("empty DATA", [open(1), many(frame(DATA, 0, 1, &[]))].concat()),
            ("RST_STREAM", requests_that_are_reset()),
        ];
        for (name, flood) in floods {
            let mut client = Http2::connect(&app.client, &[]).await;
            client.send(&flood).await;
            assert_eq!(client.ended(0).await, Ended::GoneAway(ENHANCE_YOUR_CALM), "{name}");
        }
        app.client.get("/health/live", None).await.expect(200);
        app.stop().await;
    }

    async fn after_a_flood_its_address_may_not_use_http_2_for_a_while(backend: Backend) {
        for flood in [frame(PING, 0, 0, &[7; 8]).repeat(MANY), requests_that_are_reset()] {
            let app = App::start(backend).await;
            assert!(matches!(is_alive(&app).await, Ended::Answered(_)));
            // The while may be over when a busy machine comes to the next connection.
            until(async || {
                flooded(&app, &flood).await;
                is_refused_slowly(&app).await
            })
            .await;
            app.client.get("/health/live", None).await.expect(200);
            app.stop().await;
        }
    }

    async fn a_connection_whose_requests_are_answered_stays_open(backend: Backend) {
        let app = App::start(backend).await;
        let mut client = Http2::connect(&app.client, &[]).await;
        for _ in 0..200 {
            client.send(&frame(PING, 0, 0, &[7; 8]).repeat(10)).await;
            let stream = client.next_stream();
            client.send(&frame(HEADERS, END_HEADERS | END_STREAM, stream, &block(&get("/health/live")))).await;
            let Ended::Answered(body) = client.ended(stream).await else { panic!("it was closed") };
            assert!(body.starts_with(b"{\"status\":\"ok\""), "{}", String::from_utf8_lossy(&body));
        }
        drop(client);
        app.stop().await;
    }
}
