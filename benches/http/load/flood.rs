use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::connection::Connection;
use super::{Script, Threads};
use crate::Failure;

/// Requests at a fixed rate, whether or not earlier ones are answered, over as many connections as necessary.
pub struct Flood<S> {
    pub threads: Threads,
    pub address: SocketAddr,
    pub script: S,
    /// Requests per second.
    pub rate: f64,
}

/// The outcome of the requests.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct Flooded {
    /// Sent.
    pub offered: u32,
    /// Answered with success.
    pub served: u32,
    /// Answered with 503.
    pub refused: u32,
    /// Answered with another status, or not at all.
    pub failed: u32,
    /// The slowest answer, in seconds.
    pub slowest: f64,
    /// From the first request until the last answer, in seconds.
    pub elapsed: f64,
}

/// A connection that can be used again, the status, and the time the answer took.
type Done = (Option<Connection>, u16, Duration);

impl<S: Script> Flood<S> {
    pub async fn run(mut self, length: Duration) -> Result<Flooded, Failure> {
        let mut flooded = Flooded::default();
        let (mut running, mut idle) = (JoinSet::new(), Vec::new());
        let began = Instant::now();
        let mut tick = tokio::time::interval(Duration::from_millis(1));
        while began.elapsed() < length {
            tick.tick().await;
            while let Some(done) = running.try_join_next() {
                flooded.count(done?, &mut idle);
            }
            while f64::from(flooded.offered) < began.elapsed().as_secs_f64() * self.rate {
                flooded.offered += 1;
                let exchange = exchange(idle.pop(), self.address, self.script.next().to_vec());
                running.spawn_on(exchange, self.threads.of(flooded.offered as usize));
            }
        }
        while let Some(done) = running.join_next().await {
            flooded.count(done?, &mut idle);
        }
        flooded.elapsed = began.elapsed().as_secs_f64();
        Ok(flooded)
    }
}

impl Flooded {
    fn count(&mut self, (connection, status, took): Done, idle: &mut Vec<Connection>) {
        match status {
            200..300 => self.served += 1,
            503 => self.refused += 1,
            _ => self.failed += 1,
        }
        self.slowest = self.slowest.max(took.as_secs_f64());
        idle.extend(connection);
    }
}

async fn exchange(idle: Option<Connection>, address: SocketAddr, request: Vec<u8>) -> Done {
    let began = Instant::now();
    let mut connection = match idle {
        Some(connection) => connection,
        None => match Connection::open(address).await {
            Ok(connection) => connection,
            Err(_) => return (None, 0, began.elapsed()),
        },
    };
    match connection.exchange(&request).await.map(|answer| answer.status) {
        Ok(status) => (Some(connection), status, began.elapsed()),
        Err(_) => (None, 0, began.elapsed()),
    }
}
