//! A server that one test has to itself, for settings that hold for a whole server.

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::Mutex;

use super::private::{Server, init, new_folder, programs, url_of};
use super::texts;
use crate::support::environment;
use crate::support::process::until;

/// A server of one test's own. It ends with the value.
pub struct Alone {
    server: Server,
    /// Opened before anything happens to the server.
    connection: Mutex<PgConnection>,
}

/// Runs a test, or skips it where a program is missing.
pub fn run<F: Future<Output = ()>>(test: impl FnOnce(Alone) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let Some(programs) = programs() else {
            return environment::skip("no initdb to make a server with");
        };
        let (folder, user) = new_folder().unwrap();
        init(&programs, &folder, user).unwrap();
        let server = Server::start(&programs, folder, user).await;
        let connection = PgConnection::connect(url_of(server.port).as_str()).await.unwrap();
        test(Alone { server, connection: Mutex::new(connection) }).await;
    });
}

impl Alone {
    /// The URL of its one database.
    pub fn url(&self) -> String {
        url_of(self.server.port).into()
    }

    /// Asks a role for its password, which every other role connects without. Returns when the server does.
    pub async fn asks_for_password(&self, role: &str) {
        let mut connection = self.connection.lock().await;
        let file = texts(&mut connection, "SHOW hba_file").await.remove(0);
        let others = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, format!("host all {role} 127.0.0.1/32 scram-sha-256\n{others}")).unwrap();
        let reloaded = texts(&mut connection, "SELECT pg_reload_conf()::text").await;
        assert_eq!(reloaded, ["true"]);
        let mut url = url_of(self.server.port);
        url.set_username(role).unwrap();
        // The server reads the file some time after it was asked to.
        until(async || PgConnection::connect(url.as_str()).await.is_err()).await;
    }

    /// Executes statements, each by itself.
    pub async fn execute(&self, statements: &[&str]) {
        let mut connection = self.connection.lock().await;
        for sql in statements {
            sqlx::raw_sql(AssertSqlSafe(*sql)).execute(&mut *connection).await.unwrap();
        }
    }

    /// How many processes of which this is true serve clients other than the test itself.
    pub async fn processes(&self, condition: &str) -> i64 {
        let sql = format!(
            "SELECT count(*) FROM pg_stat_activity \
             WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND {condition}"
        );
        let mut connection = self.connection.lock().await;
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *connection).await.unwrap()
    }
}
