//! PostgreSQL behind PgBouncer.
//!
//! **Here**: a pooler that shares the sessions of the server without a setting for it (`unnamed`), one with
//! `database.pooler = "transaction"` (`transaction`), and one that gives each connection a session
//! (`session`).

mod session;
mod transaction;
mod unnamed;

use std::path::PathBuf;
use std::sync::Arc;

use crate::support::pgbouncer::{self, Mode, PgBouncer};
use crate::support::{Backend, TestDatabase, database, environment};

/// A migrated database, and a PgBouncer in front of it.
struct Pooled {
    database: Arc<TestDatabase>,
    bouncer: PgBouncer,
    program: PathBuf,
}

/// Runs a test behind a PgBouncer in this mode with this many sessions of the server.
fn run<F: Future<Output = ()>>(mode: Mode, sessions: u32, test: impl FnOnce(Pooled) -> F) {
    let program = match pgbouncer::look() {
        Ok(program) => program,
        Err(missing) => return environment::skip(missing),
    };
    database::run(Backend::Postgres, |backend| async move {
        let database = Arc::new(backend.database().await);
        let bouncer = PgBouncer::start(&program, &database.url(), mode, sessions).await;
        test(Pooled { database, bouncer, program }).await;
    });
}
