use std::net::SocketAddr;
use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::connection::Connection;
use super::{Script, Threads};
use crate::Failure;
use crate::measure::{Load, Slice};

/// Connections that each send their next request as soon as the last one is answered.
pub struct Crowd<S> {
    threads: Threads,
    visitors: Vec<Visitor<S>>,
}

/// One connection and its script.
pub(super) struct Visitor<S> {
    address: SocketAddr,
    connection: Connection,
    script: S,
}

impl<S: Script> Crowd<S> {
    pub async fn connect(
        threads: &Threads,
        address: SocketAddr,
        scripts: impl IntoIterator<Item = S>,
    ) -> Result<Self, Failure> {
        let mut visitors = Vec::new();
        for (number, script) in scripts.into_iter().enumerate() {
            let connection = threads.of(number).spawn(Connection::open(address)).await??;
            visitors.push(Visitor { address, connection, script });
        }
        Ok(Self { threads: threads.clone(), visitors })
    }

    /// Runs `work` for every connection on its thread and merges the results.
    pub(super) async fn each<F: Future<Output = (Visitor<S>, Slice)> + Send + 'static>(
        &mut self,
        work: impl Fn(usize, Visitor<S>) -> F,
    ) -> Result<Slice, Failure> {
        let began = Instant::now();
        let visitors = self.visitors.drain(..).enumerate();
        let working: Vec<_> =
            visitors.map(|(number, one)| self.threads.of(number).spawn(work(number, one))).collect();
        let mut all = Slice::default();
        for one in working {
            let (visitor, slice) = one.await?;
            self.visitors.push(visitor);
            all.add(slice);
        }
        all.elapsed = began.elapsed();
        Ok(all)
    }

    pub(super) fn len(&self) -> usize {
        self.visitors.len()
    }
}

impl<S: Script> Visitor<S> {
    /// Sends one request and reads its answer. `began` is when its time starts to count.
    pub(super) async fn ask(&mut self, began: Instant, slice: &mut Slice) {
        let request = self.script.next();
        let answer = self.connection.exchange(request).await;
        let broken = answer.is_err();
        let good =
            answer.is_ok_and(|answer| (200..300).contains(&answer.status) && self.script.read(answer.body));
        if broken && let Ok(connection) = Connection::open(self.address).await {
            self.connection = connection;
        }
        slice.answered(began.elapsed(), good);
    }
}

#[async_trait]
impl<S: Script> Load for Crowd<S> {
    async fn slice(&mut self, length: Duration) -> Result<Slice, Failure> {
        let until = Instant::now() + length;
        self.each(|_, mut visitor| async move {
            let mut slice = Slice::default();
            let mut began = Instant::now();
            while began < until {
                visitor.ask(began, &mut slice).await;
                began = Instant::now();
            }
            (visitor, slice)
        })
        .await
    }
}
