use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};
use svc::config::Sources;
use svc::container::Container;
use svc::domain::{Email, PasswordHash, User, UserId};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};
use url::Url;

use crate::Failure;

const SECRET: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
const PATIENCE: Duration = Duration::from_mins(1);

/// The database that stores the accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Backend {
    /// The embedded database.
    Sqlite,
    /// PostgreSQL, at `SVC_TEST_POSTGRES_URL` or on this machine.
    Postgres,
}

/// A database with accounts. The service is started on it again for each row.
pub struct Lab {
    backend: Backend,
    folder: TempDir,
    server: Url,
    name: String,
}

/// The service, killed when it is dropped.
pub struct Service {
    process: Child,
    base: String,
    http: Client,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Lab {
    /// Creates a database with this many accounts, `known0@example.com` and so on.
    pub async fn make(backend: Backend, accounts: usize) -> Result<Self, Failure> {
        #[expect(clippy::disallowed_methods, reason = "names a real database on a real server")]
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let name = format!("svc_timing_{seconds}_{}", std::process::id());
        let all = Sources::of_process(None, Vec::new()).environment;
        let url = all.into_iter().find(|(name, _)| name == "SVC_TEST_POSTGRES_URL");
        let url = url.and_then(|(_, url)| url.into_string().ok());
        let server = Url::parse(url.as_deref().unwrap_or("postgres://postgres@127.0.0.1:5432/postgres"))?;
        let lab = Self { backend, folder: TempDir::new()?, server, name };
        if backend == Backend::Postgres {
            lab.on_server(format!("CREATE DATABASE {}", lab.name)).await?;
        }
        match lab.prepare(accounts).await {
            Ok(()) => Ok(lab),
            Err(error) => {
                lab.remove().await?;
                Err(error)
            }
        }
    }

    async fn prepare(&self, accounts: usize) -> Result<(), Failure> {
        let container = self.container()?;
        container.migrations().up().await?;
        container.use_cases.keys.prepare.run().await?;
        let (now, hash) = (container.clock().now(), PasswordHash::unusable());
        let mut work = container.store().begin().await?;
        for number in 0..accounts {
            let id = UserId(container.ids().uuid());
            let user = User::new(id, Email::parse(&known(number))?, now);
            work.users().insert(&user, &hash).await?;
        }
        work.commit().await?;
        container.close().await;
        Ok(())
    }

    /// Gives the accounts these hashes in turn and this status, counts them, and starts the service.
    pub async fn serve(&self, hashes: &[&str], status: &str, memory_kib: u32) -> Result<Service, Failure> {
        self.serve_with(hashes, status, memory_kib, &[]).await
    }

    /// Starts the service as [`serve`](Self::serve) does, with more variables in its environment.
    pub async fn serve_with(
        &self,
        hashes: &[&str],
        status: &str,
        memory_kib: u32,
        variables: &[(&str, &str)],
    ) -> Result<Service, Failure> {
        let container = self.container()?;
        let mut position = None;
        let mut number = 0;
        loop {
            let slice = container.hash_census().hashes(position).await?;
            let mut work = container.store().begin().await?;
            for (id, _) in &slice {
                let hash = PasswordHash::new(hashes[number % hashes.len()].to_owned());
                work.users().set_password_hash(*id, &hash).await?;
                if let Some(account) = work.users().lock(*id).await? {
                    let user = User { status: status.parse()?, ..account.user };
                    work.users().update(&user).await?;
                }
                number += 1;
            }
            work.commit().await?;
            match slice.last() {
                Some((id, _)) => position = Some(*id),
                None => break,
            }
        }
        while !container.use_cases.passwords.count_hashes.run().await? {}
        container.close().await;
        self.start(memory_kib, variables).await
    }

    async fn start(&self, memory_kib: u32, variables: &[(&str, &str)]) -> Result<Service, Failure> {
        let listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_svc"));
        command.args(["serve", "--with-worker"]).current_dir(self.folder.path()).env_clear();
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        command
            .env("SVC_SERVER__LISTEN", listen.to_string())
            .env("SVC_SERVER__METRICS_LISTEN", "off")
            .env("SVC_LIMITS__ENABLED", "false")
            .env("SVC_SECURITY__PASSWORD__MEMORY_KIB", memory_kib.to_string())
            .envs(variables.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let http = Client::builder().pool_max_idle_per_host(1).build()?;
        let service = Service { process: command.spawn()?, base: format!("http://{listen}"), http };
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            let ready = service.http.get(format!("{}/health/ready", service.base)).send().await;
            if ready.is_ok_and(|answer| answer.status() == StatusCode::OK) {
                return Ok(service);
            }
            sleep(Duration::from_millis(50)).await;
        }
        Err("the service did not become ready".into())
    }

    /// Removes the database.
    pub async fn remove(self) -> Result<(), Failure> {
        match self.backend {
            Backend::Sqlite => Ok(()),
            Backend::Postgres => {
                self.on_server(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await
            }
        }
    }

    /// Returns its name in the rows.
    pub const fn name(&self) -> &'static str {
        match self.backend {
            Backend::Sqlite => "SQLite",
            Backend::Postgres => "PostgreSQL",
        }
    }

    async fn on_server(&self, sql: String) -> Result<(), Failure> {
        let mut connection = PgConnection::connect(self.server.as_str()).await?;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
        Ok(())
    }

    fn container(&self) -> Result<Container, Failure> {
        let environment =
            self.environment().into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let sources =
            Sources { folder: self.folder.path().to_owned(), environment, config: None, set: Vec::new() };
        Ok(Container::build(&sources.load()?.settings)?)
    }

    fn environment(&self) -> Vec<(String, String)> {
        let database = match self.backend {
            Backend::Sqlite => format!("sqlite:{}", self.folder.path().join("svc.db").display()),
            Backend::Postgres => {
                let mut url = self.server.clone();
                url.set_path(&self.name);
                url.into()
            }
        };
        vec![
            ("SVC_DATABASE__URL".to_owned(), database),
            ("SVC_SECURITY__SECRET_KEY".to_owned(), SECRET.to_owned()),
        ]
    }
}

impl Service {
    /// Sends a request and returns status and body of its answer, and how long it took.
    pub async fn send(
        &self,
        path: &str,
        token: Option<&str>,
        body: &Value,
    ) -> Result<(StatusCode, Value, Duration), Failure> {
        let request = self.http.request(Method::POST, format!("{}/api/v1{path}", self.base)).json(body);
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let began = Instant::now();
        let answer = request.send().await?;
        let status = answer.status();
        let bytes = answer.bytes().await?;
        let took = began.elapsed();
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null), took))
    }
}

/// Returns the address of an account.
pub fn known(number: usize) -> String {
    format!("known{number}@example.com")
}
