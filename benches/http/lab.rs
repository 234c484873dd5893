use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection as _};
use svc::config::{Settings, Sources};
use svc::container::Container;
use tempfile::TempDir;
use url::Url;

use crate::variants::NO_CACHE;
use crate::{Failure, redis};

/// The prefix of every database name and of every key in Redis, followed by the time of creation.
const PREFIX: &str = "svc_bench_";
/// Older ones were left behind by a run that was killed.
const LEFT_BEHIND: Duration = Duration::from_hours(24);
const SECRET: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

/// The servers that the service uses during a run: a database and a namespace in Redis that belong to the
/// run.
pub struct Lab {
    name: String,
    database: Database,
    /// The URL of Redis, if it is used.
    redis: Option<String>,
}

enum Database {
    Embedded(TempDir),
    Postgres(Url),
}

impl Lab {
    /// Looks for PostgreSQL and Redis, and creates a migrated database.
    pub async fn make(embedded: bool) -> Result<Self, Failure> {
        let name = format!("{PREFIX}{}_{}", seconds()?, std::process::id());
        let server =
            Url::parse(&variable("SVC_TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres"))?;
        let redis = variable("SVC_TEST_REDIS_URL", "redis://127.0.0.1:6379");
        let found = if embedded { None } else { PgConnection::connect(server.as_str()).await.ok() };
        let lab = match found {
            Some(mut connection) => {
                sweep(&mut connection).await?;
                sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
                    .execute(&mut connection)
                    .await?;
                let redis = redis::answers(&redis).await.then_some(redis);
                Self { name, database: Database::Postgres(server), redis }
            }
            None => Self { name, database: Database::Embedded(TempDir::new()?), redis: None },
        };
        match lab.migrate().await {
            Ok(()) => Ok(lab),
            Err(error) => {
                lab.remove().await?;
                Err(error)
            }
        }
    }

    async fn migrate(&self) -> Result<(), Failure> {
        let container = self.container()?;
        container.migrations().up().await?;
        container.use_cases.keys.prepare.run().await?;
        container.close().await;
        Ok(())
    }

    /// Describes its parts.
    pub fn described(&self) -> String {
        let database = match &self.database {
            Database::Embedded(_) => "the embedded database".to_owned(),
            Database::Postgres(server) => format!("PostgreSQL at {}", place(server)),
        };
        let redis = self.redis.as_ref().map_or("no Redis".to_owned(), |url| {
            format!("Redis at {}", Url::parse(url).map_or_else(|_| "?".to_owned(), |url| place(&url)))
        });
        format!("{database}, {redis}")
    }

    /// Returns whether Redis is used.
    pub fn has_redis(&self) -> bool {
        self.redis.is_some()
    }

    /// Returns the variables with the addresses of the servers and the secret.
    pub fn environment(&self) -> Vec<(String, String)> {
        vec![
            ("SVC_DATABASE__URL".to_owned(), self.url()),
            ("SVC_SECURITY__SECRET_KEY".to_owned(), SECRET.to_owned()),
            ("SVC_CACHE__URL".to_owned(), self.redis.clone().unwrap_or_else(|| "memory:".to_owned())),
            ("SVC_CACHE__NAMESPACE".to_owned(), self.name.clone()),
        ]
    }

    /// Returns the final settings of a variant.
    pub fn loaded(&self, set: Vec<String>) -> Result<Settings, Failure> {
        let environment = self.environment().into_iter().map(|(name, value)| (name.into(), value.into()));
        let environment = environment.collect();
        let sources = Sources { folder: "/nonexistent".into(), environment, config: None, set };
        Ok(sources.load()?.settings)
    }

    /// Builds the service's parts in this process, for preparations.
    pub fn container(&self) -> Result<Container, Failure> {
        Ok(Container::build(&self.loaded(NO_CACHE.set(&[]))?)?)
    }

    /// Executes one of the two statements: the first on PostgreSQL, the second on SQLite.
    pub async fn execute(&self, postgres: String, sqlite: String) -> Result<(), Failure> {
        match &self.database {
            Database::Postgres(_) => {
                let mut connection = PgConnection::connect(&self.url()).await?;
                sqlx::raw_sql(AssertSqlSafe(postgres)).execute(&mut connection).await?;
                connection.close().await?;
            }
            Database::Embedded(_) => {
                let mut connection = SqliteConnection::connect(&self.url()).await?;
                sqlx::raw_sql(AssertSqlSafe(sqlite)).execute(&mut connection).await?;
                connection.close().await?;
            }
        }
        Ok(())
    }

    /// Removes the database and all keys in Redis with its name.
    pub async fn remove(self) -> Result<(), Failure> {
        if let Some(url) = &self.redis {
            redis::remove(url, &self.name).await?;
        }
        if let Database::Postgres(server) = &self.database {
            let mut connection = PgConnection::connect(server.as_str()).await?;
            drop_database(&mut connection, &self.name).await?;
        }
        Ok(())
    }

    fn url(&self) -> String {
        match &self.database {
            Database::Embedded(folder) => format!("sqlite:{}", folder.path().join("svc.db").display()),
            Database::Postgres(server) => {
                let mut url = server.clone();
                url.set_path(&self.name);
                url.into()
            }
        }
    }
}

/// Returns the URL without the user and the password.
fn place(url: &Url) -> String {
    format!(
        "{}:{}",
        url.host_str().unwrap_or("?"),
        url.port().map_or("?".to_owned(), |port| port.to_string())
    )
}

async fn sweep(connection: &mut PgConnection) -> Result<(), Failure> {
    let names = format!("SELECT datname FROM pg_database WHERE datname LIKE '{PREFIX}%'");
    let names: Vec<String> = sqlx::query_scalar(AssertSqlSafe(names)).fetch_all(&mut *connection).await?;
    for name in names {
        let made: Option<u64> =
            name[PREFIX.len()..].split('_').next().and_then(|seconds| seconds.parse().ok());
        if made.is_some_and(|made| made + LEFT_BEHIND.as_secs() < seconds().unwrap_or_default()) {
            drop_database(connection, &name).await?;
        }
    }
    Ok(())
}

async fn drop_database(connection: &mut PgConnection, name: &str) -> Result<(), Failure> {
    let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await?;
    Ok(())
}

/// Reads a variable of this process, through `Sources`, the only place that reads variables.
fn variable(name: &str, default: &str) -> String {
    let all = Sources::of_process(None, Vec::new()).environment;
    let value = all.into_iter().find(|(own, _)| own == name).and_then(|(_, value)| value.into_string().ok());
    value.filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned())
}

#[expect(clippy::disallowed_methods, reason = "the age of a real thing on a real server")]
fn seconds() -> Result<u64, Failure> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())
}
