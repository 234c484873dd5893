//! deploy/kubernetes: every command and probe of the pods, run as in a pod, with the variables of the base.
//! `tests/containers/check` validates the files by the schemas of Kubernetes.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;

use serde_json::{Value, json};

use super::compose_file::{Variables, parsed, words};
use super::dockerfile::{of_image, pairs_of_image};
use crate::support::process::{Installation, signal};
use crate::support::{Backend, database};

const DEPLOYMENTS: [&str; 2] = ["serve", "consume"];
const KEY: &str = "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e";

/// The log message with the address of the metrics.
const METRICS: &str = r#""message":"metrics listener opened""#;

/// Where the pods mount their secrets.
const SECRETS: &str = "/run/secrets/svc";

fn manifest(name: &str) -> Value {
    let path = format!("{}/deploy/kubernetes/base/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    parsed(&std::fs::read_to_string(path).unwrap())
}

/// Returns the specification of the pods of a deployment.
fn pod(name: &str) -> Value {
    manifest(name)["spec"]["template"]["spec"].clone()
}

/// Returns the container, and the init container, of a pod.
fn containers(pod: &Value) -> [Value; 2] {
    ["containers", "initContainers"].map(|list| {
        let [container] = pod[list].as_array().unwrap().as_slice() else { panic!("{list}") };
        container.clone()
    })
}

/// Returns the variables that the base gives to every container, and those of the image.
fn variables() -> Variables {
    let base = manifest("kustomization");
    let [settings] = base["configMapGenerator"].as_array().unwrap().as_slice() else { panic!("one list") };
    let mut variables = pairs_of_image("ENV");
    let pair =
        |literal: &str| literal.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    variables.extend(words(&settings["literals"]).into_iter().filter_map(pair));
    variables
}

/// Sets up a container with these secrets in place of the mounted files, and free ports.
fn container(database: &str) -> Installation {
    let secrets = [
        ("database_url", database),
        // Closed ports: neither is needed to start.
        ("cache_url", "redis://:T7kXw0ZbQe@127.0.0.1:1"),
        ("mail_url", "smtp://127.0.0.1:1"),
        ("secret_key", KEY),
    ];
    let mut variables = variables();
    for value in variables.values_mut() {
        if let Some(file) = value.strip_prefix(SECRETS) {
            *value = file.trim_start_matches('/').to_owned();
            assert!(secrets.iter().any(|(name, _)| name == value), "{value}");
        }
    }
    variables.insert("PORT".to_owned(), "0".to_owned());
    variables.insert("SVC_SERVER__METRICS_LISTEN".to_owned(), "127.0.0.1:0".to_owned());
    // No proxy needs to take note that it stops.
    variables.insert("SVC_SERVER__DRAIN_DELAY".to_owned(), "0s".to_owned());
    let empty = secrets.iter().fold(Installation::default(), |made, (name, text)| made.file(name, text));
    let set = variables.iter().fold(empty, |made, (name, value)| made.set(name, value));
    set.patient().unprivileged().read_only()
}

#[test]
fn no_pod_can_change_itself_or_gain_anything() {
    for name in DEPLOYMENTS {
        let pod = pod(name);
        assert_eq!(pod["automountServiceAccountToken"], false, "{name}");
        // Kubernetes sets SVC_PORT for the Service named svc, which is no setting of the service.
        assert_eq!(pod["enableServiceLinks"], false, "{name}");
        let image = of_image("USER").rest;
        let (user, group) = image.split_once(':').unwrap();
        let security = &pod["securityContext"];
        assert_eq!(security["runAsNonRoot"], true, "{name}");
        assert_eq!(security["runAsUser"].to_string(), user, "{name}");
        assert_eq!(security["runAsGroup"].to_string(), group, "{name}");
        assert_eq!(security["fsGroup"].to_string(), group, "{name}");
        assert_eq!(security["seccompProfile"], json!({ "type": "RuntimeDefault" }), "{name}");
        let confined = json!({
            "allowPrivilegeEscalation": false,
            "readOnlyRootFilesystem": true,
            "capabilities": { "drop": ["ALL"] },
        });
        for container in containers(&pod) {
            assert_eq!(container["securityContext"], confined, "{name}");
            assert_eq!(
                container["envFrom"],
                json!([{ "configMapRef": { "name": "svc-settings" } }]),
                "{name}"
            );
            let mount = json!([{ "name": "secrets", "mountPath": SECRETS, "readOnly": true }]);
            assert_eq!(container["volumeMounts"], mount, "{name}");
            assert!(container.get("env").is_none(), "{name}: a secret is a file");
        }
        assert!(pod["terminationGracePeriodSeconds"].as_u64().unwrap() > 30, "{name}");
    }
}

#[test]
fn the_commands_and_probes_of_the_pods_work() {
    database::run(Backend::Postgres, |backend| async move {
        let database = backend.empty_database().await;
        let container = container(&database.url());
        let [[serve, migrate], [consume, same]] = DEPLOYMENTS.map(|name| containers(&pod(name)));
        assert_eq!(migrate, same, "each pod migrates");
        for _ in 0..2 {
            container.run(&words(&migrate["args"])).expect(0);
        }

        let mut serving = container.start_serving(&words(&serve["args"]));
        let metrics = address(&serving.logged(METRICS));
        serving.ready().await;
        for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
            let asked = &serve[probe]["httpGet"];
            assert_eq!(asked["port"], "http", "{probe}");
            serving.client.get(asked["path"].as_str().unwrap(), None).await.expect(200);
        }
        assert_eq!(status_of_metrics(metrics, "/metrics").await, 200);
        serving.terminate();
        serving.ended().expect(0);

        let mut working = container.start(&words(&consume["args"]));
        let mut lines = BufReader::new(working.stderr.take().unwrap()).lines().map(Result::unwrap);
        let line = lines.find(|line| line.contains(METRICS)).unwrap();
        let metrics = address(&serde_json::from_str(&line).unwrap());
        for probe in ["startupProbe", "livenessProbe"] {
            let asked = &consume[probe]["httpGet"];
            assert_eq!(asked["port"], "metrics", "{probe}");
            assert_eq!(status_of_metrics(metrics, asked["path"].as_str().unwrap()).await, 200, "{probe}");
        }
        let command = words(&consume["readinessProbe"]["exec"]["command"]);
        assert_eq!(command[0], of_image("ENTRYPOINT").exec()[0]);
        container.run(&command[1..]).expect(0);
        signal(working.id(), "TERM");
        // It may log until it ends.
        lines.for_each(drop);
        assert!(working.wait().unwrap().success());
    });
}

fn address(line: &Value) -> SocketAddr {
    line["listen"].as_str().unwrap().parse().unwrap()
}

async fn status_of_metrics(at: SocketAddr, path: &str) -> u16 {
    reqwest::get(format!("http://{at}{path}")).await.unwrap().status().as_u16()
}

#[test]
fn the_network_lets_each_pod_reach_what_its_settings_can_name() {
    for name in DEPLOYMENTS {
        let policy = &manifest(&format!("network-{name}"))["spec"];
        assert_eq!(policy["policyTypes"], json!(["Ingress", "Egress"]), "{name}");
        let rules = policy["egress"].as_array().unwrap();
        let open = rules.iter().flat_map(|rule| rule["ports"].as_array().unwrap());
        let open: Vec<u64> = open.map(|port| port["port"].as_u64().unwrap()).collect();
        // DNS, PostgreSQL, Redis, RabbitMQ with and without TLS, SMTP.
        for port in [53, 5432, 6379, 5671, 5672, 465, 587] {
            assert!(open.contains(&port), "{name}: {port}");
        }
        let named: Vec<String> = containers(&pod(name))[0]["ports"]
            .as_array()
            .unwrap()
            .iter()
            .map(|port| json!([{ "port": port["name"] }]).to_string())
            .collect();
        let open: Vec<String> =
            policy["ingress"].as_array().unwrap().iter().map(|rule| rule["ports"].to_string()).collect();
        assert_eq!(open, named, "{name}");
    }
}
