//! The variables of OpenTelemetry, as its specification names and reads them: an empty one counts as absent,
//! and one for traces overrides the one for all signals. What the specification has a program ignore, such as
//! a number that is none, is an error here.

use std::ops::RangeInclusive;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use url::Url;

use super::environment::Variable;
use super::layer::Layers;
use super::merged::DEFAULT;
use super::settings::{TraceSampler, TraceSettings};

pub(super) const PREFIX: &str = "OTEL_";

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const TRACES_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
/// The endpoint of a collector on this machine.
const LOCAL: &str = "http://localhost:4318/v1/traces";
/// The longest time in a variable, in milliseconds.
const HOUR: u32 = 3_600_000;

/// Reads the settings of traces. `None` while they are off, or if one of the variables is wrong.
pub(super) fn read(layers: &mut Layers<'_>, variables: &[Variable]) -> Option<TraceSettings> {
    let mut read = Read { layers, variables };
    if read.find("OTEL_SDK_DISABLED").is_some_and(|found| found.value.eq_ignore_ascii_case("true")) {
        return None;
    }
    let exporter = read.parsed("OTEL_TRACES_EXPORTER", |text| match text {
        "otlp" | "none" => Ok(text.to_owned()),
        _ => Err("expected otlp, or none for no traces".to_owned()),
    });
    let endpoint = read.find(TRACES_ENDPOINT).or_else(|| read.find(ENDPOINT));
    match exporter.as_deref() {
        Some("none") => return None,
        None if endpoint.is_none() => return None,
        Some(_) | None => {}
    }
    let errors = read.layers.errors.len();
    let settings = read.settings();
    settings.filter(|_| read.layers.errors.len() == errors)
}

struct Read<'l, 'a, 'v> {
    layers: &'l mut Layers<'a>,
    variables: &'v [Variable],
}

impl<'v> Read<'_, '_, 'v> {
    /// The last one with a value: the environment follows the file `.env`.
    fn find(&self, name: &str) -> Option<&'v Variable> {
        self.variables.iter().rfind(|variable| variable.name == name && !variable.value.trim().is_empty())
    }

    /// The variable for traces, or the one for all signals.
    fn either(&self, traces: &'static str, all: &'static str) -> &'static str {
        if self.find(traces).is_some() { traces } else { all }
    }

    /// Parses a variable, if it is set.
    fn parsed<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        self.parsed_secret(name, |text| parse(text).map_err(|why| format!("invalid value {text:?}: {why}")))
    }

    /// Parses a variable whose value is not shown.
    fn parsed_secret<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let found = self.find(name)?;
        parse(found.value.trim()).map_err(|reason| self.layers.refuse(found.origin.clone(), reason)).ok()
    }

    fn number(&mut self, name: &str, range: RangeInclusive<u32>, default: u32) -> u32 {
        let (least, most) = (range.start(), range.end());
        let number = self.parsed(name, |text| {
            let number = text.parse().ok().filter(|number| range.contains(number));
            number.ok_or_else(|| format!("expected a whole number from {least} to {most}"))
        });
        number.unwrap_or(default)
    }

    fn milliseconds(&mut self, name: &str, default: u32) -> Duration {
        Duration::from_millis(self.number(name, 1..=HOUR, default).into())
    }

    fn settings(&mut self) -> Option<TraceSettings> {
        let protocol = self.either("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL");
        self.parsed(protocol, |text| match text {
            "http/protobuf" => Ok(()),
            _ => Err("this service speaks http/protobuf only, which collectors take at port 4318".to_owned()),
        });
        let compression =
            self.either("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "OTEL_EXPORTER_OTLP_COMPRESSION");
        let gzip = self.parsed(compression, |text| match text {
            "gzip" => Ok(true),
            "none" => Ok(false),
            _ => Err("expected gzip or none".to_owned()),
        });
        let certificate =
            self.either("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "OTEL_EXPORTER_OTLP_CERTIFICATE");
        let authorities = self.parsed(certificate, authorities);
        let header = self.either("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS");
        let headers = self.parsed_secret(header, |text| {
            let pairs = pairs(text).filter(|pairs| pairs.iter().all(|(name, value)| is_header(name, value)));
            pairs.ok_or_else(|| "expected name=value,name=value with the names of HTTP headers".to_owned())
        });
        let timeout = self.either("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT");
        let timeout = self.milliseconds(timeout, 10_000);
        let timeout = timeout.min(self.milliseconds("OTEL_BSP_EXPORT_TIMEOUT", 30_000));
        let queue_size = self.number("OTEL_BSP_MAX_QUEUE_SIZE", 1..=1_000_000, 2048);
        let batch = "OTEL_BSP_MAX_EXPORT_BATCH_SIZE";
        let batch_size = self.number(batch, 1..=queue_size, queue_size.min(512));
        let delay = self.milliseconds("OTEL_BSP_SCHEDULE_DELAY", 5_000);
        let sampler = self.sampler();
        let resource = self.resource();
        let endpoint = self.endpoint();
        let headers = headers.unwrap_or_default();
        let mut shown = vec![(TRACES_ENDPOINT, endpoint.clone()?, self.endpoint_origin())];
        if let Some(found) = self.find(header) {
            shown.push((header, "[redacted]".to_owned(), found.origin.clone()));
        }
        if let Some(found) = self.find(certificate) {
            shown.push((certificate, found.value.clone(), found.origin.clone()));
        }
        let samplers = ["OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG", "OTEL_SERVICE_NAME"];
        let set = samplers.into_iter().filter_map(|name| Some((name, self.find(name)?)));
        shown.extend(set.map(|(name, found)| (name, found.value.clone(), found.origin.clone())));
        Some(TraceSettings {
            endpoint: endpoint?,
            headers: headers.into_iter().map(|(name, value)| (name, SecretString::from(value))).collect(),
            authorities,
            timeout,
            gzip: gzip.unwrap_or(false),
            resource,
            sampler,
            queue_size: usize::try_from(queue_size).unwrap_or(usize::MAX),
            batch_size: usize::try_from(batch_size).unwrap_or(usize::MAX),
            delay,
            shown,
        })
    }

    fn endpoint(&mut self) -> Option<String> {
        if self.find(TRACES_ENDPOINT).is_some() {
            return self.parsed_secret(TRACES_ENDPOINT, |text| url(text).map(String::from));
        }
        if self.find(ENDPOINT).is_none() {
            return Some(LOCAL.to_owned());
        }
        self.parsed_secret(ENDPOINT, |text| {
            let mut url = url(text)?;
            // The path of an endpoint for all signals is that of its folder (OTLP exporter, "Endpoint URLs").
            let path = format!("{}/v1/traces", url.path().trim_end_matches('/'));
            url.set_path(&path);
            Ok(url.into())
        })
    }

    fn endpoint_origin(&self) -> String {
        let found = self.find(TRACES_ENDPOINT).or_else(|| self.find(ENDPOINT));
        found.map_or_else(|| DEFAULT.to_owned(), |found| found.origin.clone())
    }

    fn sampler(&mut self) -> TraceSampler {
        const SHARED: [&str; 2] = ["traceidratio", "parentbased_traceidratio"];
        let name = self.parsed("OTEL_TRACES_SAMPLER", |text| {
            let rest = text.strip_prefix("parentbased_").unwrap_or(text);
            if ["always_on", "always_off", "traceidratio"].contains(&rest) {
                return Ok(text.to_owned());
            }
            let known = "always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off or \
                 parentbased_traceidratio";
            Err(format!("expected {known}"))
        });
        let name = name.as_deref().unwrap_or("parentbased_always_on");
        let share = match name {
            "always_off" | "parentbased_always_off" => 0.0,
            _ if SHARED.contains(&name) => {
                let share = self.parsed("OTEL_TRACES_SAMPLER_ARG", |text| {
                    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
                    share.ok_or_else(|| "expected a number from 0 to 1, such as 0.1".to_owned())
                });
                share.unwrap_or(1.0)
            }
            _ => 1.0,
        };
        TraceSampler { follows_parent: name.starts_with("parentbased_"), share }
    }

    fn resource(&mut self) -> Vec<(String, String)> {
        let attributes = self.parsed("OTEL_RESOURCE_ATTRIBUTES", |text| {
            pairs(text).ok_or_else(|| "expected name=value,name=value".to_owned())
        });
        let mut attributes = attributes.unwrap_or_default();
        let name = self.find("OTEL_SERVICE_NAME").map(|found| found.value.trim().to_owned());
        if let Some(name) = name {
            attributes.retain(|(key, _)| key != "service.name");
            attributes.push(("service.name".to_owned(), name));
        } else if attributes.iter().all(|(key, _)| key != "service.name") {
            attributes.push(("service.name".to_owned(), "svc".to_owned()));
        }
        attributes
    }
}

/// Reads certificates in PEM from a file.
fn authorities(path: &str) -> Result<Vec<u8>, String> {
    let pem = std::fs::read(path).map_err(|error| format!("failed to read the file: {error}"))?;
    let begin = b"-----BEGIN CERTIFICATE-----";
    let has_one = pem.windows(begin.len()).any(|window| window == begin);
    if has_one { Ok(pem) } else { Err("expected a file with certificates in PEM".to_owned()) }
}

fn url(text: &str) -> Result<Url, String> {
    let example = "expected a URL such as http://localhost:4318";
    let url = Url::parse(text).map_err(|_| example.to_owned())?;
    if !["http", "https"].contains(&url.scheme()) || url.host_str().is_none_or(str::is_empty) {
        return Err(example.to_owned());
    }
    // The URL is shown where the settings are, and is in the log.
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
        let advice = "expected a URL without a user and without a query: give credentials in \
             OTEL_EXPORTER_OTLP_HEADERS";
        return Err(advice.to_owned());
    }
    Ok(url)
}

/// The pairs of a list `name=value,name=value`, in which values are percent-encoded (W3C Baggage).
fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let members = text.split(',').map(str::trim).filter(|member| !member.is_empty());
    let pair = |member: &str| {
        let (name, value) = member.split_once('=')?;
        let value = percent_decode_str(value.trim()).decode_utf8().ok()?.into_owned();
        (!name.trim().is_empty()).then(|| (name.trim().to_owned(), value))
    };
    members.map(pair).collect()
}

/// Whether a header may have this name (RFC 9110, section 5.6.2) and this value.
/// Headers that the exporter sets itself, or that would change how the request is read.
const OWN_HEADERS: [&str; 6] =
    ["connection", "content-encoding", "content-length", "content-type", "host", "transfer-encoding"];

fn is_header(name: &str, value: &str) -> bool {
    !OWN_HEADERS.iter().any(|own| own.eq_ignore_ascii_case(name))
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
        && value.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte))
}
