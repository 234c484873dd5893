//! The tools of the tests.
//!
//! **Here**: the whole service in this process (`app`), a client that checks every answer against the OpenAPI
//! document (`client`, `document`), requests byte by byte (`raw`) and frame by frame (`http2`), operations
//! with tokens (`tokens`), the history of a user (`history`), a clock that a test moves (`clock`), hashers
//! that count or wait (`hashers`), handlers that record and fail (`handlers`), databases for one test each
//! (`database`), namespaces and servers of Redis (`redis`), namespaces in RabbitMQ (`rabbit`), values to
//! start with (`given`), faults (`faulty_store`, `proxy`), a server that refuses log-ins (`refusing`), a
//! pooler (`pgbouncer`), mails as they arrive (`mailbox`), a mail server that misbehaves (`smtp`), a
//! collector of traces (`collector`), certificates of an authority of the test (`certificates`), a store that
//! counts and holds reads (`reads`), the page of metrics (`metrics`), and the settings in the environment
//! (`environment`). The binary itself, in an empty folder with an empty environment, is in `process`.
//!
//! A test on the store is written once, in [`both_backends!`], and runs as `…::sqlite` and `…::postgres`.
//! PostgreSQL is the server at `SVC_TEST_POSTGRES_URL`, whose user must be allowed to create databases and
//! roles; else a private server, started if `initdb` is installed; else the server at `127.0.0.1:5432`. If
//! there is none, its tests pass and report on stderr that they were skipped; with
//! `SVC_TEST_REQUIRE_SERVICES=1` they fail. On PostgreSQL the service has its cache in Redis, at
//! `SVC_TEST_REDIS_URL` (default `redis://127.0.0.1:6379`). Without Redis its cache is in process, as on
//! SQLite, and the tests of Redis itself are skipped. RabbitMQ is at `SVC_TEST_AMQP_URL` (default
//! `amqp://guest:guest@127.0.0.1:5672`), and controlled by `SVC_TEST_RABBITMQCTL` (default `rabbitmqctl`).
//!
//! **To add a service**: a file that looks for it and calls `environment::skip` if it is missing.

pub mod app;
pub mod certificates;
pub mod client;
pub mod clock;
pub mod collector;
pub mod commands;
pub mod database;
pub mod document;
pub mod environment;
pub mod faulty_store;
pub mod folder;
pub mod given;
pub mod handlers;
pub mod hashers;
mod history;
pub mod http2;
pub mod mailbox;
mod mailed;
pub mod metrics;
pub mod pgbouncer;
pub mod ports;
pub mod postgres;
pub mod process;
pub mod proxy;
pub mod rabbit;
pub mod raw;
pub mod reads;
pub mod redis;
pub mod refusing;
mod settings_of_tests;
pub mod smtp;
pub mod tokens;

pub use app::App;
pub use database::{Backend, TestDatabase};

/// Makes one test per backend of each test. The body gets the [`Backend`] and asks it for its database:
/// usually `let db = backend.database().await;`, a migrated database that no other test uses.
macro_rules! both_backends {
    ($($(#[$meta:meta])* async fn $name:ident($backend:ident: $type:ty) $body:block)+) => {$(
        $(#[$meta])*
        async fn $name($backend: $type) $body

        mod $name {
            #[test]
            fn sqlite() {
                $crate::support::database::run($crate::support::Backend::Sqlite, super::$name);
            }

            #[test]
            fn postgres() {
                $crate::support::database::run($crate::support::Backend::Postgres, super::$name);
            }
        }
    )+};
}
pub(crate) use both_backends;
