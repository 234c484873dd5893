use crate::support::raw::Raw;
use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn a_body_that_does_not_arrive_in_time_is_the_clients_fault(backend: Backend) {
        let app = App::start_with(backend, &["limits.request_timeout=50ms"], |builder| builder).await;
        for name in ["content-length", "transfer-encoding"] {
            let value: &[u8] = if name == "content-length" { b"100" } else { b"chunked" };
            let raw = Raw::new("POST", "/api/v1/auth/login").keep_alive();
            let raw = raw.header("content-type", b"application/json").header(name, value);
            // `send` reads until the service closes the connection.
            let answer = raw.send(&app.client).await.unwrap();
            assert_eq!(answer.rejection(), (408, "request_timeout".to_owned()), "{name}");
            assert_eq!(answer.header("connection"), "close", "{name}");
        }
        app.stop().await;
    }
}
