use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use super::origin;
use crate::config::read::Reader;
use crate::config::settings::{MetricsListen, ServerSettings, base_path, own_url};

/// The rest of the 30 s that a stop may take is left for the requests in flight.
const LONGEST_DRAIN: Duration = Duration::from_secs(20);

pub(super) fn read(read: &mut Reader<'_>) -> Option<ServerSettings> {
    let listen = read.text("server.listen", |text| {
        text.parse().map_err(|_| {
            format!("invalid value {text:?}: expected an IP address and a port, such as 127.0.0.1:8000")
        })
    });
    let metrics_listen = read.text("server.metrics_listen", |text| match text {
        "off" => Ok(MetricsListen::Off),
        "" | "auto" => Ok(MetricsListen::Auto),
        text => text.parse().map(MetricsListen::At).map_err(|_| {
            format!(
                "invalid value {text:?}: expected an IP address and a port, such as 127.0.0.1:9000, \"auto\" or \"off\""
            )
        }),
    });
    let public_url = read.text("server.public_url", |text| match text {
        "" => Ok(None),
        text => public_url(text).map(Some),
    });
    let trusted_proxies = read.list("server.trusted_proxies", network, r#"["10.0.0.0/8", "::1"]"#);
    let allowed_origins =
        read.entries("server.allowed_origins", origin::parse, r#"["https://app.example.com"]"#);
    let docs = read.text("server.docs", |text| match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(format!("invalid value {text:?}: expected one of on, off")),
    });
    let drain_delay = read.duration("server.drain_delay", Duration::ZERO);
    if drain_delay.is_some_and(|delay| delay > LONGEST_DRAIN) {
        read.refuse::<()>("server.drain_delay", "expected at most 20s: the service stops within 30s");
    }
    let listen = listen?;
    if metrics_listen == Some(MetricsListen::At(listen)) && listen.port() != 0 {
        read.refuse::<()>(
            "server.metrics_listen",
            "equal to server.listen: expected a different address or port",
        );
    }
    Some(ServerSettings {
        listen,
        metrics_listen: metrics_listen?,
        public_url: public_url?.unwrap_or_else(|| own_url(listen)),
        trusted_proxies: trusted_proxies?,
        allowed_origins: allowed_origins?,
        docs: docs?,
        drain_delay: drain_delay?,
    })
}

/// The longest public URL, in bytes. It is in cookies, in headers and in mails.
const LONGEST_URL: usize = 512;

/// Reads the URL as clients write it. It is compared as text: with `Origin`, with the issuer of tokens, and
/// to see whether there is TLS.
fn public_url(text: &str) -> Result<String, String> {
    // The text is not shown: it may contain a password that does not belong there.
    let wanted = || "expected http:// or https:// and a host, such as https://auth.example.com".to_owned();
    let url = Url::parse(text).map_err(|_| wanted())?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !matches!(url.scheme(), "http" | "https") || !plain {
        return Err(wanted());
    }
    let text = text.trim_end_matches('/');
    let path = url.path().trim_end_matches('/');
    if !is_plain_path(base_path(text)) || !is_plain_path(path) {
        return Err(
            "expected a path of letters, digits, \"-\", \"_\", \"~\" and \".\" between single slashes, such as https://example.com/auth"
                .to_owned(),
        );
    }
    let written = url.origin().ascii_serialization() + path;
    if written != text {
        return Err(format!("clients write this URL as {written:?}: write it so"));
    }
    if written.len() > LONGEST_URL {
        return Err(format!("expected at most {LONGEST_URL} bytes"));
    }
    Ok(written)
}

/// Whether each part of the path is written as every client and proxy writes it, so that a `Location`, a
/// link in a mail and the rule of a proxy mean the same.
fn is_plain_path(path: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~.".contains(&byte);
    path.split('/').skip(1).all(|part| !matches!(part, "" | "." | "..") && part.bytes().all(is_plain))
}

fn network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}
