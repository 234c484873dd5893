//! What tests need.
//!
//! **Here**: the whole service in this process (`app`), a client that holds every answer against the OpenAPI
//! document (`client`, `document`), requests byte by byte (`raw`) and frame by frame (`http2`), what it does
//! with tokens (`tokens`), what happened to a user (`history`), a clock that a test moves (`clock`), hashers
//! that count or wait (`hashers`), handlers that note and fail (`handlers`), databases of a test's own
//! (`database`), names of its own in Redis and servers too (`redis`), in RabbitMQ (`rabbit`), values to put
//! in them (`given`), what makes them fail (`faulty_store`, `proxy`), what stands before them (`pgbouncer`),
//! mails as they arrive (`mailbox`) and a mail server that misbehaves (`smtp`), counts and holds what is read
//! (`reads`), and the switches that the environment gives (`environment`). The binary itself, in an empty
//! folder with an empty environment, is in `process`.
//!
//! A test on the store is written once, in [`both_backends!`], and runs as `…::sqlite` and `…::postgres`.
//! PostgreSQL is the server at `SVC_TEST_POSTGRES_URL`, whose user has to be allowed to create databases and roles; else a private
//! server, started where `initdb` is installed; else the server at `127.0.0.1:5432`. Where there is none, its tests pass
//! and say on stderr that they were skipped; with `SVC_TEST_REQUIRE_SERVICES=1` they fail. The service there has its cache in Redis, which is
//! looked for at `SVC_TEST_REDIS_URL` (default `redis://127.0.0.1:6379`); where it is not, its cache is in process,
//! as on SQLite, and the tests of that server itself are skipped. RabbitMQ is looked for at `SVC_TEST_AMQP_URL` (default
//! `amqp://guest:guest@127.0.0.1:5672`), and commanded by `SVC_TEST_RABBITMQCTL` (default `rabbitmqctl`).
//!
//! **To add a service**: a file that looks for it and calls `environment::skip` when it is not there.

pub mod app;
pub mod client;
pub mod clock;
pub mod database;
pub mod document;
pub mod environment;
pub mod faulty_store;
pub mod given;
pub mod handlers;
pub mod hashers;
mod history;
pub mod http2;
pub mod mailbox;
mod mailed;
pub mod pgbouncer;
pub mod ports;
pub mod postgres;
pub mod process;
pub mod proxy;
pub mod rabbit;
pub mod raw;
pub mod reads;
pub mod redis;
mod settings_of_tests;
pub mod smtp;
pub mod tokens;

pub use app::App;
pub use database::{Backend, TestDatabase};

/// Makes of each test one test a backend. The body gets the [`Backend`] and asks it for what it needs: mostly
/// `let db = backend.database().await;`, a migrated database that nobody else has.
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
