//! The rows of the benchmark.
//!
//! **Here**: one file per kind of work: reads that hash no password (`reads`), refresh compared with its
//! statement (`refresh`), log-in and registration compared with the hash (`passwords`), and reads during a
//! flood of log-ins (`flooded`).
//!
//! **May use**: everything in this benchmark, and the service's ports to prepare data.
//!
//! **To add one**: a function here or in a new file, called by [`all`].

mod flooded;
mod passwords;
mod reads;
mod refresh;

use std::time::Duration;

use svc::adapters::sqlx::{PoolOptions, SqlxStore};
use svc::config::Pooler;
use svc::config::{DatabaseUrl, Settings};
use svc::container::Container;
use svc::domain::{Actor, DisplayName, Email, NewPassword, OneLine, Role, UserId, UserRef};
use svc::usecases::{Credential, IssuedToken, NewUser, TokenRequest};

pub use flooded::{Flood, flooded};

use crate::Failure;
use crate::arguments::Arguments;
use crate::lab::Lab;
use crate::load::Threads;
use crate::measure::{Load, Quantiles, Slice, Turns, median};
use crate::resources::cpu;
use crate::seed::{PASSWORD, user_id};
use crate::service::Service;
use crate::variants::SHIPPED;

/// The parts that every row is measured with.
pub struct Bench<'a> {
    pub arguments: &'a Arguments,
    pub lab: &'a Lab,
    pub threads: Threads,
    /// How many users are seeded.
    pub users: u32,
    settings: Settings,
    container: Container,
    admin: UserId,
}

/// One row of the table.
#[derive(Debug, serde::Serialize)]
pub struct Row {
    pub name: String,
    pub variant: String,
    /// Requests per second.
    pub rate: f64,
    /// The name of the comparison, and its rate.
    pub against: String,
    pub against_rate: f64,
    /// Of the two rates.
    pub ratio: f64,
    /// In milliseconds.
    pub latency: Quantiles,
    /// Relative to the comparison, if that is timed.
    pub p99_ratio: Option<f64>,
    /// CPU time of the service per request, in microseconds.
    pub cpu: f64,
    /// CPU time of the comparison divided by that of the row: the ratio of rates on a machine without other
    /// load.
    pub cpu_ratio: f64,
    /// CPU time of the load generator per request, in microseconds.
    pub generator_cpu: f64,
    /// Of the row and of its comparison.
    pub errors: u64,
}

/// Measures every selected row except the flood.
pub async fn all(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let mut rows = reads::rows(bench).await?;
    rows.extend(refresh::rows(bench).await?);
    rows.extend(passwords::rows(bench).await?);
    Ok(rows)
}

impl<'a> Bench<'a> {
    /// Creates an administrator; no user is seeded yet.
    pub async fn prepare(arguments: &'a Arguments, lab: &'a Lab) -> Result<Self, Failure> {
        let container = lab.container()?;
        let settings = lab.loaded(SHIPPED.set(&arguments.set))?;
        let password = NewPassword::parse(PASSWORD, settings.security.password.policy)?;
        let new = NewUser {
            name: Some(DisplayName::parse("Ada Lovelace")?),
            role: Role::Admin,
            ..NewUser::new(Email::parse("admin@bench.example")?)
        };
        let admin = {
            let credential = Credential::Password(password);
            container.use_cases.users.create.run(new, credential, Actor::Service).await?.id
        };
        let threads = Threads::start(arguments.threads())?;
        Ok(Self { arguments, lab, threads, users: 0, settings, container, admin })
    }

    /// Seeds users until there are `users` of them.
    pub async fn grow(&mut self, users: u32) -> Result<(), Failure> {
        let password = svc::domain::Password::new(PASSWORD);
        let hash = self.container.hasher().hash(&svc::ports::Origin::default(), &password).await?;
        let now = self.container.clock().now();
        crate::seed::grow(self.lab, self.users, users, &hash, now).await?;
        self.users = users;
        Ok(())
    }

    /// Opens a session of an administrator.
    async fn admin(&self) -> Result<IssuedToken, Failure> {
        self.issue(self.admin).await
    }

    /// Opens a session for each connection, each of another user.
    async fn sessions(&self) -> Result<Vec<IssuedToken>, Failure> {
        let mut sessions = Vec::new();
        let connections = self.arguments.connections.get() as u64;
        for number in 0..connections {
            // Spread over all users.
            let user = u64::from(self.users) * number / connections;
            sessions.push(self.issue(user_id(user)).await?);
        }
        Ok(sessions)
    }

    async fn issue(&self, user: UserId) -> Result<IssuedToken, Failure> {
        let request = TokenRequest {
            user: UserRef::Id(user),
            ttl: Some(TokenRequest::LONGEST),
            refresh: true,
            audience: None,
            actor: Actor::Service,
        };
        Ok(self.container.use_cases.auth.issue_token.run(&request).await?)
    }

    /// Opens a pool like that of the service, without the service in front of it.
    fn bare_store(&self) -> Result<SqlxStore, Failure> {
        let database = &self.settings.database;
        let options = PoolOptions {
            max_connections: database.max_connections,
            acquire_timeout: database.acquire_timeout,
            statement_timeout: database.statement_timeout,
            pooler: Pooler::Session,
            direct: None,
        };
        Ok(match &database.url {
            DatabaseUrl::Sqlite(path) => SqlxStore::open_sqlite(path, &options)?,
            DatabaseUrl::Postgres(url) => {
                let first = url.each_host().remove(0);
                SqlxStore::open_postgres(&first.into(), &options)?
            }
        })
    }

    /// Runs the ceiling and the row alternately on one service.
    async fn row(
        &self,
        (name, variant): (&str, &str),
        service: &Service,
        (against, ceiling): (&str, &mut dyn Load),
        row: &mut dyn Load,
    ) -> Result<Row, Failure> {
        crate::report::progress(&format!("{name} ({variant})"));
        let (length, own) = (self.arguments.slice(), std::process::id());
        ceiling.slice(self.arguments.warm_up()).await?;
        row.slice(self.arguments.warm_up()).await?;
        let mut turns = Turns::default();
        for _ in 0..self.arguments.slices {
            let worker = if ceiling.is_done_here() { own } else { service.process() };
            let before = cpu(worker)?;
            turns.ceiling.push(ceiling.slice(length).await?);
            turns.ceiling_cpu += cpu(worker)?.saturating_sub(before);
            let before = (cpu(service.process())?, cpu(own)?);
            turns.row.push(row.slice(length).await?);
            turns.cpu += cpu(service.process())?.saturating_sub(before.0);
            turns.generator_cpu += cpu(own)?.saturating_sub(before.1);
        }
        let row = Row::of((name, variant), against, &turns);
        if row.rate == 0.0 {
            return Err(format!("{name} ({variant}): nothing was answered well").into());
        }
        Ok(row)
    }
}

impl Row {
    fn of((name, variant): (&str, &str), against: &str, turns: &Turns) -> Self {
        let done: f64 = turns.row.iter().map(Slice::done).sum();
        let (latency, reference) = (Quantiles::of(&turns.row), Quantiles::of(&turns.ceiling));
        let ceilings: f64 = turns.ceiling.iter().map(Slice::done).sum();
        let each = |time: Duration| time.as_secs_f64() * 1e6 / done;
        Self {
            name: name.to_owned(),
            variant: variant.to_owned(),
            rate: median(turns.row.iter().map(Slice::rate)),
            against: against.to_owned(),
            against_rate: median(turns.ceiling.iter().map(Slice::rate)),
            ratio: median(
                turns.row.iter().zip(&turns.ceiling).map(|(row, ceiling)| row.rate() / ceiling.rate()),
            ),
            latency,
            p99_ratio: (reference.p99 > 0.0).then(|| latency.p99 / reference.p99),
            cpu: each(turns.cpu),
            cpu_ratio: turns.ceiling_cpu.as_secs_f64() * 1e6 / ceilings / each(turns.cpu),
            generator_cpu: each(turns.generator_cpu),
            errors: turns.row.iter().chain(&turns.ceiling).map(|slice| slice.errors).sum(),
        }
    }
}
