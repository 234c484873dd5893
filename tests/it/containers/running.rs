//! Runs every command, health check and variable of ours as in a container: as an unprivileged user, in a
//! read-only folder, with the variables of the image and of docker-compose.yml and no others.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::compose_file::{
    OURS, Variables, as_copied, environment, example, example_in_full, parsed, with, words,
};
use super::dockerfile::{of_image, pairs_of_image};
use crate::support::process::Installation;
use crate::support::{Backend, TestDatabase, database};

const KEY: &str = "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e";

/// A closed port: Redis and `RabbitMQ` are not running yet, or not any more.
const NOWHERE: &str = "@127.0.0.1:1";

/// Returns the variables of one of our containers, and below them those of the image.
fn variables_of(service: &Value) -> Variables {
    let mut variables = pairs_of_image("ENV");
    variables.extend(environment(service));
    variables
}

/// Replaces the hosts of docker-compose.yml by those of this test.
fn here(mut variables: Variables, database: &TestDatabase) -> Variables {
    assert!(variables["SVC_DATABASE__URL"].contains("@db:5432/"));
    variables.insert("SVC_DATABASE__URL".to_owned(), database.url());
    for value in variables.values_mut() {
        *value = value.replace("@redis:6379", NOWHERE).replace("@rabbitmq:5672", NOWHERE);
    }
    variables
}

/// Sets up a container that contains only the binary, on this port.
fn container(variables: &Variables, port: u16) -> Installation {
    let variables = variables.iter().filter(|(name, _)| *name != "PORT");
    let empty = Installation::default().set("PORT", &port.to_string());
    variables.fold(empty, |container, (name, value)| container.set(name, value)).unprivileged().read_only()
}

/// Returns the command of a health check: the words after `CMD`, without the binary.
fn check_of<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let [binary, arguments @ ..] = words else { panic!("an empty health check") };
    assert_eq!(*binary, of_image("ENTRYPOINT").exec()[0], "the same binary as everywhere");
    arguments.to_vec()
}

fn texts(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

fn check_of_service(service: &Value) -> Vec<&str> {
    check_of(&words(&service["healthcheck"]["test"])[1..])
}

#[test]
fn it_migrates_serves_and_is_healthy_on_a_read_only_root() {
    database::run(Backend::Postgres, |backend| async move {
        let database = backend.empty_database().await;
        let file = as_copied();
        let services = &file["services"];
        let variables = here(variables_of(&services["micro_service"]), &database);
        let (api, worker) = (&services["micro_service"], &services["consume_worker"]);
        // Any free port. The health check gets it, like any other port that an operator publishes.
        let started = container(&variables, 0).patient();

        let status = started.run(&["migrate", "status"]).expect(0).json();
        assert_eq!(status[0]["state"], "pending");
        started.run(&words(&services["migrate"]["command"])).expect(0);
        assert_eq!(started.run(&words(&services["migrate"]["command"])).expect(0).json(), json!([]));
        started.run(&check_of_service(worker)).expect(0);

        let serving = started.start_serving(&words(&api["command"]));
        serving.ready().await;
        let beside = container(&variables, serving.address.port());
        let of_image = of_image("HEALTHCHECK").exec();
        for check in [check_of_service(api), check_of(&texts(&of_image))] {
            let answer = beside.run(&check).expect(0).json();
            let url = format!("http://127.0.0.1:{}/health/ready", serving.address.port());
            assert_eq!(answer, json!({ "url": url, "status": 200 }));
        }

        let ada = json!({ "email": "ada@example.com", "password": "correct horse battery" });
        serving.client.post("/api/v1/auth/register", &ada).await.expect(201);
        let pair = serving.client.post("/api/v1/auth/login", &ada).await.expect(200);
        let me = serving.client.get("/api/v1/users/me", pair["access_token"].as_str()).await.expect(200);
        assert_eq!(me["email"], "ada@example.com");
        started
            .run(&["create-user", "--email", "root@example.com", "--role", "admin", "--generate-password"])
            .expect(0);

        serving.terminate();
        serving.ended().expect(0);
        beside.run(&check_of_service(api)).refused(69, &["refused"]);
        assert_eq!(started.files(), Vec::<String>::new(), "it wrote nothing");
    });
}

#[test]
fn the_embedded_database_needs_only_its_volume() {
    database::run(Backend::Sqlite, |_| async {
        let image = pairs_of_image("ENV");
        let command = of_image("CMD").exec();
        let command = texts(&command);

        container(&image, 0).run(&command).refused(78, &["security.secret_key", "data/secret.key"]);

        let mounted =
            Installation::default().patient().set("PORT", "0").unprivileged().volume("data").read_only();
        let serving = mounted.start_serving(&command);
        serving.ready().await;
        serving.terminate();
        serving.ended().expect(0);
        assert_eq!(mounted.files(), ["data"]);
    });
}

#[test]
fn a_database_that_starts_later_is_reported_and_found() {
    database::run(Backend::Postgres, |backend| async move {
        let database = backend.empty_database().await;
        let file = as_copied();
        let services = &file["services"];
        let good = here(variables_of(&services["migrate"]), &database);
        let mut early = good.clone();
        early.insert("SVC_DATABASE__URL".to_owned(), format!("postgres://svc:changeme{NOWHERE}/svc"));
        let early = container(&early, 0);
        // This is why Compose waits for the database before it runs the first one.
        let migrate = words(&services["migrate"]["command"]);
        early.run(&migrate).refused(69, &["database.url"]).hides("changeme");
        early.run(&check_of_service(&services["consume_worker"])).refused(69, &["database.url"]);
        container(&good, 0).run(&migrate).expect(0);
    });
}

#[test]
fn every_variable_of_ours_is_accepted_by_svc() {
    let file = with(&example_in_full()).unwrap();
    for name in OURS {
        let mut variables = variables_of(&file["services"][name]);
        variables.insert("SVC_SECURITY__SECRET_KEY".to_owned(), KEY.to_owned());
        variables.insert(
            "SVC_DATABASE__URL".to_owned(),
            variables["SVC_DATABASE__URL"].replace("changeme", "T7kXw0ZbQe"),
        );
        for name in ["REDIS_URL", "AMQP_URL"] {
            variables.insert(name.to_owned(), variables[name].replace("changeme", "T7kXw0ZbQe"));
        }
        let container = container(&variables, 8000);
        let checked = container.run(&["config", "check"]).expect(0).hides(KEY).hides("T7kXw0ZbQe").json();
        assert_eq!(
            checked,
            json!({ "ok": true, "environment": "production", "traces": null, "warnings": [] }),
            "{name}"
        );

        let shown = container.run(&["config", "show", "--sources"]).expect(0).json();
        let sources: BTreeSet<&str> =
            shown.as_array().unwrap().iter().map(|row| row["source"].as_str().unwrap()).collect();
        for variable in variables.keys().filter(|name| name.starts_with("SVC_") || *name == "PORT") {
            assert!(
                sources.contains(format!("environment variable {variable}").as_str()),
                "{variable}: {sources:?}"
            );
        }
    }
}

#[test]
fn the_example_serves_at_once_and_production_refuses_its_secrets() {
    let file = as_copied();
    let variables = variables_of(&file["services"]["micro_service"]);
    let checked = container(&variables, 8000).run(&["config", "check"]).expect(0).json();
    assert_eq!(checked, json!({ "ok": true, "environment": "development", "traces": null, "warnings": [] }));

    let mut production = example();
    production.insert("SVC_ENVIRONMENT".to_owned(), "production".to_owned());
    let file = with(&production).unwrap();
    let variables = variables_of(&file["services"]["micro_service"]);
    let expected =
        ["security.secret_key: the key is not random", "database.url: the password is a common default"];
    container(&variables, 8000).run(&["serve"]).refused(78, &expected);
}

/// A setting of the operator overrides `PORT` of the image.
#[test]
fn another_port_and_another_address_override_the_image() {
    let mut variables = pairs_of_image("ENV");
    variables.insert("SVC_SERVER__LISTEN".to_owned(), "[::]:9000".to_owned());
    let healthcheck = of_image("HEALTHCHECK").exec();
    for (variables, port, asked) in
        [(&variables, 8000, "http://[::1]:9000/"), (&pairs_of_image("ENV"), 1, "http://127.0.0.1:1/")]
    {
        container(variables, port).run(&check_of(&texts(&healthcheck))).refused(69, &[asked]);
    }
}

/// The override of docs/deployment.md, with files in place of those that Compose mounts.
#[test]
fn secrets_can_be_files_as_the_documentation_shows() {
    let page = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/deployment.md"));
    let (_, block) = page.split_once("<!-- files for secrets").unwrap().1.split_once("```yaml\n").unwrap();
    let over = parsed(block.split_once("```").unwrap().0);
    let file = as_copied();
    for name in OURS {
        let service = &over["services"][name];
        assert_eq!(words(&service["secrets"]), ["database_url", "secret_key"], "{name}");
        let mut variables = variables_of(&file["services"][name]);
        variables.extend(environment(service));
        for (variable, value) in &mut variables {
            if variable.ends_with("_FILE") {
                let secret = value.strip_prefix("/run/secrets/").unwrap().to_owned();
                assert!(over["secrets"][&secret]["file"].is_string(), "{secret}");
                *value = secret;
            }
        }
        let container = variables
            .iter()
            .fold(Installation::default(), |container, (name, value)| container.set(name, value))
            .file("database_url", "postgres://svc:T7kXw0ZbQe@db.example/svc\n")
            .file("secret_key", KEY);
        let shown = container.run(&["config", "show", "--sources"]).expect(0).hides(KEY).json();
        let source = |key: &str| {
            let row = shown.as_array().unwrap().iter().find(|row| row["key"] == key).unwrap();
            row["source"].as_str().unwrap().to_owned()
        };
        assert_eq!(
            source("database.url"),
            "file database_url named by environment variable SVC_DATABASE__URL_FILE"
        );
        assert_eq!(
            source("security.secret_key"),
            "file secret_key named by environment variable SVC_SECURITY__SECRET_KEY_FILE"
        );
    }
}
