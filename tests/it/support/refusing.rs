//! A server in the place of PostgreSQL that refuses each log-in.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A server that answers each log-in with one error. It runs until the tests end.
pub struct Refusing {
    /// The value for `database.url`.
    pub url: String,
    asked: Arc<AtomicUsize>,
}

impl Refusing {
    /// Starts a server that refuses each log-in with this SQLSTATE and text.
    pub fn with(code: &str, text: &str) -> Self {
        let fields = format!("SFATAL\0VFATAL\0C{code}\0M{text}\0\0");
        let length = u32::try_from(fields.len() + 4).unwrap();
        let answer = [&b"E"[..], &length.to_be_bytes(), fields.as_bytes()].concat();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = asked.clone();
        std::thread::spawn(move || {
            while let Ok((mut client, _)) = listener.accept() {
                counted.fetch_add(1, Ordering::Relaxed);
                let mut length = [0; 4];
                if client.read_exact(&mut length).is_ok() {
                    let mut rest = vec![0; usize::try_from(u32::from_be_bytes(length)).unwrap() - 4];
                    let _ = client.read_exact(&mut rest).and_then(|()| client.write_all(&answer));
                    // Until the client has read the answer and closes the connection.
                    let _ = client.read(&mut [0]);
                }
            }
        });
        Self { url: format!("postgres://svc:hunter2@{address}/svc?sslmode=disable"), asked }
    }

    /// Returns how often a client has connected.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}
