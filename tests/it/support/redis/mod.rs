//! Redis: the server that all tests share, where each has its own [`Namespace`], and servers for one test
//! (`server`) that does something the shared one must not suffer, with a `sentinel` that monitors them.

mod sentinel;
mod server;

use std::time::Duration;

use deadpool_redis::redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, RedisResult, cmd};
use tokio::sync::OnceCell;
use url::Url;
use uuid::Uuid;

use super::{Backend, database, environment, given};
pub use sentinel::Sentinel;
pub use server::{RedisServer, look as look_for_program};

/// Longer than any command takes on a slow machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server that accepts any command.
#[derive(Clone)]
pub struct Redis {
    /// The value for `cache.url`.
    pub url: String,
}

/// The prefix of all keys of a test. They are removed when the value is dropped.
pub struct Namespace {
    /// The server that holds them.
    pub redis: Redis,
    /// The value for `cache.namespace`.
    pub name: String,
}

/// Looks for the shared server, once per process. The error names what is missing, without the URL's
/// password.
pub async fn look() -> Result<(), &'static str> {
    static FOUND: OnceCell<Result<(), String>> = OnceCell::const_new();
    let look = async || {
        let redis = Redis::shared();
        let url = Url::parse(&redis.url).unwrap();
        let place = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(6379));
        redis.ask::<()>(&cmd("PING")).await.map_err(|why| format!("no Redis at {place} ({why})"))
    };
    FOUND.get_or_init(look).await.as_ref().copied().map_err(String::as_str)
}

/// Runs a test on PostgreSQL and Redis, or skips it if one of them is missing.
pub fn run<F: Future<Output = ()>>(test: impl FnOnce() -> F) {
    database::run(Backend::Postgres, async |_| match look().await {
        Ok(()) => test().await,
        Err(missing) => environment::skip(missing),
    });
}

/// Runs a test on PostgreSQL and its own Redis, or skips it.
pub fn run_alone<F: Future<Output = ()>>(test: impl FnOnce(RedisServer) -> F) {
    database::run(Backend::Postgres, async |_| match server::look() {
        Ok(()) => test(RedisServer::start().await).await,
        Err(missing) => environment::skip(missing),
    });
}

impl Redis {
    /// Returns the server of all tests.
    pub fn shared() -> Self {
        let url = environment::variable("SVC_TEST_REDIS_URL");
        Self { url: url.unwrap_or_else(|| "redis://127.0.0.1:6379".to_owned()) }
    }

    /// Sends one command on a new connection.
    pub async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> RedisResult<T> {
        let patient = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let client = Client::open(self.url.as_str())?;
        let mut connection = client.get_multiplexed_async_connection_with_config(&patient).await?;
        command.query_async(&mut connection).await
    }

    /// Sends one command that cannot fail.
    #[track_caller]
    pub fn tell<T: FromRedisValue>(&self, command: &Cmd) -> impl Future<Output = T> {
        let asking = self.ask(command);
        async move { asking.await.unwrap() }
    }
}

impl Namespace {
    /// Makes a namespace on the server of all tests.
    pub fn shared() -> Self {
        Self::on(Redis::shared())
    }

    /// Makes a namespace on any server.
    pub fn on(redis: Redis) -> Self {
        Self { redis, name: given::namespace() }
    }

    /// Returns the key of a user.
    pub fn user(&self, id: impl Into<Uuid>) -> String {
        format!("{}:user:2:{}", self.name, id.into())
    }

    /// Returns the key of a session.
    pub fn session(&self, id: impl Into<Uuid>) -> String {
        format!("{}:session:2:{}", self.name, id.into())
    }

    /// Lists all keys in it.
    pub async fn keys(&self) -> Vec<String> {
        self.redis.ask(cmd("KEYS").arg(self.pattern())).await.unwrap()
    }

    /// Removes all keys, like a server that lost its data.
    pub async fn clear(&self) {
        let keys = self.keys().await;
        if !keys.is_empty() {
            self.redis.tell::<()>(cmd("UNLINK").arg(keys)).await;
        }
    }

    fn pattern(&self) -> String {
        format!("{}:*", self.name)
    }
}

impl Drop for Namespace {
    /// Uses a blocking connection that needs no runtime, because the test's may be ending. If the server is
    /// gone, so are the keys, and a panic in here would hide that of the test; the keys expire within two
    /// minutes anyway.
    fn drop(&mut self) {
        let remove = || -> RedisResult<()> {
            let mut connection =
                Client::open(self.redis.url.as_str())?.get_connection_with_timeout(PATIENCE)?;
            connection.set_read_timeout(Some(PATIENCE))?;
            let keys: Vec<String> = cmd("KEYS").arg(self.pattern()).query(&mut connection)?;
            if keys.is_empty() { Ok(()) } else { cmd("UNLINK").arg(keys).exec(&mut connection) }
        };
        let _ = remove();
    }
}
