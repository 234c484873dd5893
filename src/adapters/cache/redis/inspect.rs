//! Measures Redis for `svc doctor`.

use async_trait::async_trait;
use deadpool_redis::Connection;
use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::cmd;
use tokio::time::{Instant, timeout};

use super::client::RedisClient;
use crate::ports::SharedCache;
use crate::ports::inspection::{CacheFacts, CacheInspector};

#[async_trait]
impl CacheInspector for RedisClient {
    async fn inspect(&self) -> Result<CacheFacts, (SharedCache, String)> {
        let (pooled, up, _) = self.link.rise().await.map_err(|fault| (fault.state(), fault.to_string()))?;
        let mut connection = up.connection();
        let server = self.info(&mut connection, "server").await;
        let memory = self.info(&mut connection, "memory").await;
        let began = Instant::now();
        // A key that the proof of the connection has read: the user may read it.
        let mut get = cmd("GET");
        let asked: Result<(), _> = get.arg(self.link.probe()).query_async(&mut connection).await;
        let round_trip = began.elapsed();
        self.link.close();
        drop(Connection::take(pooled));
        asked.map_err(|error| (SharedCache::Away, error.to_string()))?;
        let number = |name: &str| field(memory.as_deref()?, name)?.parse().ok();
        Ok(CacheFacts {
            version: server.as_deref().and_then(|text| field(text, "redis_version")).map(str::to_owned),
            memory: number("used_memory").zip(number("maxmemory")),
            policy: memory.as_deref().and_then(|text| field(text, "maxmemory_policy")).map(str::to_owned),
            round_trip,
            timeout: self.link.patience(),
        })
    }
}

impl RedisClient {
    /// Returns `None` if the user may not read it: the service does not need the right.
    async fn info(&self, connection: &mut MultiplexedConnection, section: &str) -> Option<String> {
        let mut info = cmd("INFO");
        info.arg(section);
        timeout(self.link.patience(), info.query_async(connection)).await.ok()?.ok()
    }
}

/// Returns a value of `INFO`, which has lines such as `maxmemory:0`.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_whole_name() {
        let text = "# Memory\r\nused_memory_human:1M\r\nused_memory:1048576\r\nmaxmemory:0\r\n";
        assert_eq!(field(text, "used_memory"), Some("1048576"));
        assert_eq!(field(text, "maxmemory"), Some("0"));
        assert_eq!(field(text, "maxmemory_policy"), None);
    }
}
