//! Where the variables of docker-compose.yml come from, and where they are used.

use std::collections::BTreeSet;

use serde_json::Value;

use super::compose_file::{
    Otherwise, Variables, as_copied, environment, example, example_in_full, raw, references, services, with,
};

const SECRETS: [&str; 4] = ["POSTGRES_PASSWORD", "RABBITMQ_PASSWORD", "REDIS_PASSWORD", "SECRET_KEY"];

#[test]
fn every_secret_is_required_wherever_it_is_used() {
    let mut required = BTreeSet::new();
    for reference in references(&raw()) {
        let is_secret =
            ["PASSWORD", "SECRET", "KEY", "TOKEN"].iter().any(|word| reference.name.contains(word));
        match reference.otherwise {
            Otherwise::Refused(why) => {
                assert!(why.contains("copy .env.example to .env"), "{}: {why}", reference.name);
                required.insert(reference.name);
            }
            Otherwise::Text(_) => assert!(!is_secret, "{} has to be required", reference.name),
        }
    }
    assert_eq!(required, SECRETS.map(str::to_owned).into());
}

#[test]
fn without_a_secret_nothing_starts_and_compose_says_what_to_do() {
    for secret in SECRETS {
        for value in [None, Some(String::new())] {
            let mut variables = example();
            variables.remove(secret);
            variables.extend(value.map(|value| (secret.to_owned(), value)));
            let rejection = with(&variables).unwrap_err();
            assert!(
                rejection.starts_with(&format!("{secret}: copy .env.example to .env, or set it")),
                "{rejection}"
            );
        }
    }
}

#[test]
fn every_variable_is_explained_in_the_example() {
    let (given, full) = (example(), example_in_full());
    for reference in references(&raw()) {
        assert!(full.contains_key(&reference.name), "{} is not in .env.example", reference.name);
    }
    // Only the secrets and the mail catcher are not commented out there: svc itself ignores these.
    let catcher = "COMPOSE_PROFILES";
    let expected: BTreeSet<&str> = SECRETS.into_iter().chain([catcher]).collect();
    assert_eq!(given.keys().map(String::as_str).collect::<BTreeSet<_>>(), expected);
    assert_eq!(given[catcher], as_copied()["services"]["mailpit"]["profiles"][0]);
    // The mails go to the service that this profile starts.
    assert_eq!(
        environment(&as_copied()["services"]["consume_worker"])["SVC_MAIL__URL"],
        "smtp://mailpit:1025"
    );
}

/// Each secret has a distinct value, and it appears only in the environment of the services that need it: not
/// in a command, which a list of processes shows, and not in a label.
#[test]
fn a_secret_is_only_in_the_environment_of_the_services_that_need_it() {
    let marked: Variables = SECRETS.iter().map(|name| ((*name).to_owned(), format!("the-{name}"))).collect();
    let file = with(&marked).unwrap();
    let uses = |value: &Value, secret: &str| value.to_string().contains(&format!("the-{secret}"));
    for (name, service) in services(&file) {
        let needed: &[&str] = match name {
            "db" => &["POSTGRES_PASSWORD"],
            "redis" => &["REDIS_PASSWORD"],
            "rabbitmq" => &["RABBITMQ_PASSWORD"],
            "mailpit" => &[],
            _ => &SECRETS,
        };
        let mut rest = service.clone();
        let environment = rest.as_object_mut().unwrap().remove("environment").unwrap();
        for secret in SECRETS {
            assert!(!uses(&rest, secret), "{name}: {secret} outside of its environment");
            assert_eq!(uses(&environment, secret), needed.contains(&secret), "{name}: {secret}");
        }
    }
}

#[test]
fn both_sides_use_the_same_credentials() {
    let file = as_copied();
    let of = |name: &str| environment(&file["services"][name]);
    let (ours, db, redis, rabbitmq) = (of("micro_service"), of("db"), of("redis"), of("rabbitmq"));
    let database = format!(
        "postgres://{}:{}@db:5432/{}",
        db["POSTGRES_USER"], db["POSTGRES_PASSWORD"], db["POSTGRES_DB"]
    );
    assert_eq!(ours["SVC_DATABASE__URL"], database);
    assert_eq!(ours["REDIS_URL"], format!("redis://:{}@redis:6379/0", redis["REDISCLI_AUTH"]));
    let (user, password) = (&rabbitmq["RABBITMQ_DEFAULT_USER"], &rabbitmq["RABBITMQ_DEFAULT_PASS"]);
    assert_eq!(
        ours["AMQP_URL"],
        format!("amqp://{user}:{password}@rabbitmq:5672/{}", rabbitmq["RABBITMQ_DEFAULT_VHOST"])
    );
    assert_eq!((&of("migrate"), &of("consume_worker")), (&ours, &ours));
}
