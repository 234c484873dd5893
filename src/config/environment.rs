use std::ffi::OsString;

use figment::value::Value;

use super::layer::Layers;
use super::traces;
use super::variable::variable_of;

/// The variables that platforms set, the key that each sets, and a prefix for its value.
const PLATFORM: [(&str, &str, &str); 5] = [
    ("DATABASE_URL", "database.url", ""),
    ("REDIS_URL", "cache.url", ""),
    ("AMQP_URL", "queue.url", ""),
    ("SECURITY_SECRET_KEY", "security.secret_key", ""),
    ("PORT", "server.listen", "0.0.0.0:"),
];

pub(super) const PREFIX: &str = "SVC_";

/// An environment variable that may set a key.
pub(super) struct Variable {
    pub name: String,
    pub value: String,
    pub origin: String,
}

impl Variable {
    /// Whether the service reads this variable. Kubernetes sets variables for every service of a namespace,
    /// and for one named `svc` or `svc-…` their names have the same prefix.
    pub fn concerns(name: &str, value: &str) -> bool {
        match name.strip_prefix(PREFIX) {
            Some(rest) => !rest.starts_with("TEST_") && !is_from_kubernetes(name, value),
            None if name.starts_with(traces::PREFIX) => true,
            None => PLATFORM.iter().any(|(known, ..)| name.strip_suffix("_FILE").unwrap_or(name) == *known),
        }
    }
}

fn is_from_kubernetes(name: &str, value: &str) -> bool {
    let names_a_port = name.ends_with("_PORT") || name.contains("_PORT_");
    let ours = name.contains("__");
    let address = name.contains("_SERVICE_HOST") || name.contains("_SERVICE_PORT");
    let protocol = ["_TCP_", "_UDP_", "_SCTP_"].iter().any(|protocol| name.contains(protocol));
    !ours && (address || names_a_port && (protocol || value.contains("://")))
}

/// The variables of the process environment.
pub(super) fn of_process(layers: &mut Layers<'_>, pairs: &[(OsString, OsString)]) -> Vec<Variable> {
    let mut variables = Vec::new();
    for (name, bytes) in pairs {
        let Some(name) = name.to_str() else { continue };
        if !Variable::concerns(name, &bytes.to_string_lossy()) {
            continue;
        }
        let origin = format!("environment variable {name}");
        match bytes.to_str() {
            None => layers.refuse(origin, "the value is not valid UTF-8"),
            Some(value) => {
                variables.push(Variable { name: name.to_owned(), value: value.to_owned(), origin });
            }
        }
    }
    variables
}

/// Adds the variables that platforms set as the next layer.
pub(super) fn lay_platform(layers: &mut Layers<'_>, variables: &[Variable]) {
    let mut layer = layers.layer(str::to_owned);
    for Variable { name, value, origin } in variables.iter().filter(|variable| !variable.value.is_empty()) {
        for (known, key, begin) in PLATFORM {
            let text = match name.strip_prefix(known) {
                Some("") => Some((value.clone(), origin.clone())),
                Some("_FILE") => layer.read(key, value, origin),
                _ => None,
            };
            if let Some((text, origin)) = text {
                layer.put(key, Value::from(format!("{begin}{text}")), origin);
            }
        }
    }
}

/// Adds the `SVC_` variables as the next layer. An empty variable sets nothing: a compose file passes on an
/// unset variable this way.
pub(super) fn lay_own(layers: &mut Layers<'_>, variables: &[Variable]) {
    let schema = layers.schema;
    let mut layer = layers.layer(variable_of);
    for Variable { name, value, origin } in variables {
        let Some(name) = name.strip_prefix(PREFIX) else { continue };
        let name = name.to_lowercase().replace("__", ".");
        if !value.is_empty() || schema.named(&name).is_none() {
            layer.take(&name, Value::from(value.as_str()), origin.clone());
        }
    }
}
