//! How the services of docker-compose.yml are configured.

use std::collections::BTreeSet;
use std::time::Duration;

use clap::CommandFactory;
use serde_json::{Value, json};
use svc::cli::Cli;

use super::compose_file::{OURS, as_copied, services, words};

/// The service that runs once and exits.
const ONE_SHOT: &str = "migrate";

#[test]
fn the_expected_services_exist() {
    let file = as_copied();
    let names: BTreeSet<&str> = services(&file).map(|(name, _)| name).collect();
    let wanted = ["consume_worker", "db", "mailpit", "micro_service", "migrate", "rabbitmq", "redis"];
    assert_eq!(names, BTreeSet::from(wanted));
    for (name, service) in services(&file) {
        let is_ours = service["image"] == "svc:local" && service["build"] == ".";
        assert_eq!(is_ours, OURS.contains(&name), "{name}");
    }
}

#[test]
fn every_service_that_stays_has_a_health_check() {
    for (name, service) in services(&as_copied()) {
        let check = &service["healthcheck"];
        if name == ONE_SHOT {
            assert_eq!(check, &json!({ "disable": true }), "{name}");
            assert_eq!(service["restart"], "no", "{name}");
            continue;
        }
        assert_eq!(words(&check["test"])[0], "CMD", "{name}: no shell is needed");
        for key in ["interval", "timeout", "start_period"] {
            assert!(duration(&check[key]) >= Duration::from_secs(1), "{name} {key}");
        }
        assert_eq!(service["restart"], "unless-stopped", "{name}");
    }
}

#[test]
fn every_image_is_one_version() {
    for (name, service) in services(&as_copied()) {
        let (_, tag) = service["image"].as_str().unwrap().rsplit_once(':').expect(name);
        let numbers = tag
            .split('-')
            .next()
            .unwrap()
            .trim_start_matches('v')
            .split('.')
            .filter(|part| part.parse::<u32>().is_ok());
        assert!(OURS.contains(&name) || numbers.count() >= 2, "{name}: {tag} is more than one minor version");
    }
}

#[test]
fn only_the_service_and_the_page_of_the_mails_are_published() {
    let file = as_copied();
    let published: Vec<(&str, Vec<&str>)> = services(&file)
        .filter(|(_, service)| service.get("ports").is_some())
        .map(|(name, service)| (name, words(&service["ports"])))
        .collect();
    let api = ("micro_service", vec!["127.0.0.1:8000:8000"]);
    assert_eq!(published, [api, ("mailpit", vec!["127.0.0.1:8025:8025"])]);
    for (name, service) in services(&file) {
        assert!(service.get("network_mode").is_none(), "{name}");
        let apart = words(&service["networks"]) == ["backend"];
        assert_eq!(apart, ["db", "redis", "rabbitmq"].contains(&name), "{name}");
    }
    assert_eq!(file["networks"]["backend"]["internal"], true);
}

#[test]
fn no_container_can_change_itself_or_gain_anything() {
    for (name, service) in services(&as_copied()) {
        assert_eq!(service["read_only"], true, "{name}");
        assert_eq!(service["cap_drop"], json!(["ALL"]), "{name}");
        assert_eq!(service["security_opt"], json!(["no-new-privileges:true"]), "{name}");
        for gain in ["cap_add", "privileged", "devices", "pid", "ipc", "secrets", "configs"] {
            assert!(service.get(gain).is_none(), "{name} {gain}");
        }
        // Our containers set the user in the image; the others start as root and could not give that up
        // without capabilities.
        let user = service.get("user").map_or("", |user| user.as_str().unwrap());
        assert!(OURS.contains(&name) || !["", "root", "0"].contains(&user), "{name}: {user}");
    }
}

#[test]
fn the_schema_is_migrated_before_the_services_start() {
    let file = as_copied();
    let services = &file["services"];
    assert_eq!(services["migrate"]["depends_on"], json!({ "db": { "condition": "service_healthy" } }));
    for name in ["micro_service", "consume_worker"] {
        let needs = &services[name]["depends_on"];
        assert_eq!(needs["migrate"]["condition"], "service_completed_successfully", "{name}");
        // They are started together with it, and it does not wait for them.
        for other in ["redis", "rabbitmq"] {
            assert_eq!(needs[other]["condition"], "service_started", "{name}");
        }
    }
    // The server that initializes the database listens on a socket only.
    assert!(words(&services["db"]["healthcheck"]["test"]).contains(&"--host=127.0.0.1"));
}

#[test]
fn every_setting_in_the_file_of_variables_reaches_our_containers() {
    let expected = json!([{ "path": ".env", "required": false }]);
    for (name, service) in services(&as_copied()) {
        assert_eq!(service.get("env_file") == Some(&expected), OURS.contains(&name), "{name}");
    }
}

#[test]
fn database_and_cache_have_priority_over_password_hashing() {
    for (name, service) in services(&as_copied()) {
        let shares = service.get("cpu_shares").map_or(1024, |shares| shares.as_u64().unwrap());
        assert_eq!(shares < 1024, OURS.contains(&name), "{name}: {shares}");
        let priority = &service["environment"]["SVC_SECURITY__PASSWORD__PRIORITY"];
        assert_eq!(*priority == json!("idle"), OURS.contains(&name), "{name}: {priority}");
    }
}

#[test]
fn every_service_has_enough_time_to_stop() {
    for (name, service) in services(&as_copied()) {
        let wanted = if OURS.contains(&name) || ["db", "rabbitmq"].contains(&name) { 30 } else { 0 };
        let grace = service.get("stop_grace_period").map_or(Duration::from_secs(10), duration);
        assert!(grace > Duration::from_secs(wanted), "{name}: {grace:?}");
    }
}

#[test]
fn persistent_data_is_in_a_named_volume() {
    let file = as_copied();
    let mounts: Vec<&str> =
        services(&file).filter_map(|(_, service)| service.get("volumes")).flat_map(words).collect();
    let used: BTreeSet<&str> = mounts.iter().map(|mount| mount.split(':').next().unwrap()).collect();
    let declared: BTreeSet<&str> = file["volumes"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(used, declared);
    assert_eq!(file["services"]["rabbitmq"]["hostname"], "rabbitmq", "its data is named after the host");
}

#[test]
fn the_cache_keeps_nothing_and_is_bounded() {
    let file = as_copied();
    let redis = &file["services"]["redis"];
    let command = words(&redis["command"])[0];
    for line in [
        "requirepass $REDISCLI_AUTH",
        "save \"\"",
        "appendonly no",
        "maxmemory 64mb",
        "maxmemory-policy allkeys-lru",
    ] {
        assert!(command.lines().any(|found| found == line), "{line} is not in {command}");
    }
    assert!(redis.get("volumes").is_none());
}

/// As soon as the subcommand exists, this fails until the line is removed.
#[test]
fn the_worker_is_started_as_soon_as_there_is_one() {
    let exists = Cli::command().get_subcommands().any(|command| command.get_name() == "consume");
    let file = as_copied();
    let worker = &file["services"]["consume_worker"];
    assert_eq!(worker["command"], json!(["consume"]));
    assert_eq!(
        worker.get("profiles").is_none(),
        exists,
        "remove `profiles: [worker]` once `svc consume` exists"
    );
    assert_eq!(file["services"]["mailpit"]["profiles"], json!(["mail"]));
}

fn duration(value: &Value) -> Duration {
    humantime::parse_duration(value.as_str().unwrap()).unwrap()
}
