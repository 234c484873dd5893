//! The spans of statements.

use super::run::{Pool, Tx};
use crate::ports::store::StoreError;
use crate::telemetry::spans::{Kind, Span};
use crate::telemetry::trace;

/// Begins the span of a statement. It is named after the function that runs it, such as `users.find`, and has
/// neither its text nor its parameters. `module` is the path of the module of that function, and `function`
/// the name of the type of a function within it.
pub(super) fn statement(system: &'static str, module: &str, function: &str) -> Span {
    let mut span = trace::span(Kind::Client, || name(module, function));
    span.set("db.system.name", || system);
    span
}

/// Begins the span of a step of a unit of work.
pub(super) fn step(system: &'static str, name: &'static str) -> Span {
    let mut span = trace::span(Kind::Client, || name);
    span.set("db.system.name", || system);
    span
}

/// Ends a span with this result.
pub(super) fn end<T>(mut span: Span, result: Result<T, StoreError>) -> Result<T, StoreError> {
    if let Err(error) = &result {
        span.fail(match error {
            StoreError::Conflict(_) => "conflict",
            StoreError::Unavailable(_) => "unavailable",
            StoreError::ReadOnly(_) => "read_only",
            StoreError::Blocked(..) => "blocked",
            StoreError::Unusable(..) => "unusable",
            StoreError::Direct(_) => "direct",
            StoreError::Corrupt(_) => "corrupt",
        });
    }
    result
}

impl Pool {
    pub(super) const fn system(&self) -> &'static str {
        match self {
            Self::Postgres(..) => POSTGRES,
            Self::Sqlite(_) => SQLITE,
        }
    }
}

impl Tx {
    pub(super) const fn system(&self) -> &'static str {
        match self {
            Self::Postgres(..) => POSTGRES,
            Self::Sqlite(_) => SQLITE,
        }
    }
}

const POSTGRES: &str = "postgresql";
const SQLITE: &str = "sqlite";

/// Names a statement after its module below the tables and its function.
fn name(module: &str, function: &str) -> String {
    let module = module.split_once("::sqlx::").map_or(module, |(_, below)| below);
    let module = module.strip_prefix("tables::").unwrap_or(module);
    let module = module.split("::").next().unwrap_or(module);
    // An async function is a closure of the compiler.
    let mut parts = function.rsplit("::").filter(|part| *part != "{{closure}}");
    format!("{module}.{}", parts.nth(1).unwrap_or("statement"))
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;

    use super::*;

    #[async_trait]
    trait Rows {
        async fn find(&self) -> String;
    }

    struct Table;

    #[async_trait]
    impl Rows for Table {
        async fn find(&self) -> String {
            let here = async || {
                fn here() {}
                name("svc::adapters::sqlx::tables::sessions::rotate", std::any::type_name_of_val(&here))
            };
            here().await
        }
    }

    #[tokio::test]
    async fn a_statement_has_the_name_of_its_table_and_its_function() {
        fn here() {}
        assert_eq!(Table.find().await, "sessions.find");
        let own = name(module_path!(), std::any::type_name_of_val(&here));
        assert_eq!(own, "span.a_statement_has_the_name_of_its_table_and_its_function");
        assert_eq!(name("svc::adapters::sqlx::events::relay", "here"), "events.statement");
    }
}
