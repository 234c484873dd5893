//! The block of README.md that moves the service to PostgreSQL, Redis and RabbitMQ.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use url::Url;

use super::readme::block_after;
use crate::support::process::{Installation, until};
use crate::support::redis::{self, Redis};
use crate::support::{environment, given, rabbit};

/// A role, a database, a user and a virtual host of this name, removed when the value is dropped.
struct Names {
    name: String,
    server: Url,
}

impl Drop for Names {
    fn drop(&mut self) {
        let Self { name, .. } = self;
        rabbit::control(&["delete_vhost", name]);
        rabbit::control(&["delete_user", name]);
        let drop =
            [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("DROP ROLE IF EXISTS {name}")];
        let _ = Command::new("psql")
            .arg(self.server.as_str())
            .args(drop.iter().flat_map(|sql| ["-qc", sql]))
            .status();
    }
}

/// Returns the block with other names, and with the servers of the tests.
fn block(names: &Names) -> String {
    let at = |url: &str, port| {
        let url = Url::parse(url).unwrap();
        format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(port))
    };
    let block = block_after("<!-- production").replace("svc", &names.name);
    let (block, serving) = block.split_once(&format!("{} serve", names.name)).unwrap();
    assert!(serving.contains("consume"));
    let servers = [
        ("postgres://", at(names.server.as_str(), 5432)),
        ("amqp://", at(&rabbit::server(), 5672)),
        ("redis://", at(&Redis::shared().url, 6379)),
    ];
    let block = servers.iter().fold(block.to_owned(), |block, (scheme, place)| {
        let mut lines = Vec::new();
        for line in block.lines() {
            lines.push(if line.contains(scheme) {
                line.replace("localhost", place)
            } else {
                line.to_owned()
            });
        }
        lines.join("\n")
    });
    format!("{block}\nexec {} serve --with-worker --set server.listen=127.0.0.1:0", names.name)
}

#[test]
fn the_block_for_production_works_unchanged() {
    rabbit::run(async |_| {
        for (program, argument) in [("psql", "--version"), ("openssl", "version")] {
            if Command::new(program).arg(argument).output().is_err() {
                return environment::skip("one of the programs psql and openssl is missing");
            }
        }
        if !rabbit::control(&["list_vhosts"]) {
            return environment::skip("no rabbitmqctl (SVC_TEST_RABBITMQCTL) that may command the broker");
        }
        if let Err(missing) = redis::look().await {
            return environment::skip(missing);
        }
        let server = crate::support::database::postgres_server();
        let names = Names { name: given::namespace().replace('-', "_"), server };
        let installation = Installation::default();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_svc"), installation.path(&names.name)).unwrap();
        if let Some(program) = environment::variable("SVC_TEST_RABBITMQCTL") {
            let rabbitmqctl = installation.path("rabbitmqctl");
            std::fs::write(&rabbitmqctl, format!("#!/bin/sh\nexec {program} \"$@\"\n")).unwrap();
            std::fs::set_permissions(&rabbitmqctl, PermissionsExt::from_mode(0o755)).unwrap();
        }
        let path = format!("{}:{}", installation.path("").display(), environment::variable("PATH").unwrap());
        let server = &names.server;
        let variables = [
            ("PATH", path.as_str()),
            // rabbitmqctl finds the cookie of the broker there.
            ("HOME", &environment::variable("HOME").unwrap_or_default()),
            ("PGHOST", server.host_str().unwrap()),
            ("PGPORT", &server.port().unwrap_or(5432).to_string()),
            ("PGUSER", server.username()),
            ("PGPASSWORD", server.password().unwrap_or_default()),
            ("PGDATABASE", "postgres"),
            // Concurrent runs share one Redis.
            ("SVC_CACHE__NAMESPACE", &names.name),
            ("SVC_DATABASE__ACQUIRE_TIMEOUT", "5m"),
            ("SVC_DATABASE__STATEMENT_TIMEOUT", "5m"),
        ];
        let serving = installation.serve_by_script(&block(&names), &variables);
        serving.ready().await;
        // Degraded until it has connected to Redis and RabbitMQ.
        let ok = async || serving.client.get("/health", None).await.expect(200)["status"] == "ok";
        until(ok).await;
        serving.terminate();
        serving.ended().expect(0);
    });
}
