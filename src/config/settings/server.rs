use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use crate::config::urls::is_loopback;

/// The listeners and the public URL.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// The address to bind. Port 0 takes any free port.
    pub listen: SocketAddr,
    /// The listener for a Prometheus server.
    pub metrics_listen: MetricsListen,
    /// The URL at which clients reach the service, without a slash at the end.
    pub public_url: String,
    /// The proxies whose forwarded client address is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// The origins whose pages may use the API, as browsers write them.
    pub allowed_origins: Vec<String>,
    /// Whether to serve the documentation pages.
    pub docs: bool,
    /// How long readiness returns 503 while connections are still accepted.
    pub drain_delay: Duration,
}

impl ServerSettings {
    /// The path of the public URL, without a slash at the end, which a proxy in front removes from requests.
    #[must_use]
    pub fn base_path(&self) -> &str {
        base_path(&self.public_url)
    }

    /// Whether browsers reach the service without TLS on this machine, which they treat as secure.
    #[must_use]
    pub fn is_plain_loopback(&self) -> bool {
        let url = Url::parse(&self.public_url);
        url.is_ok_and(|url| url.scheme() == "http" && url.host_str().is_some_and(is_loopback))
    }
}

/// The path of a public URL without a slash at its end.
pub(in crate::config) fn base_path(url: &str) -> &str {
    let (_, place) = url.split_once("://").unwrap_or_default();
    place.find('/').map_or("", |at| &place[at..])
}

/// The listener for a Prometheus server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricsListen {
    /// No listener.
    Off,
    /// The first free port from 9000 to 9009 on the loopback interface, or any free port if all are taken.
    Auto,
    /// This address.
    At(SocketAddr),
}

/// The URL at which a browser on this machine reaches a listener.
pub(in crate::config) fn own_url(listen: SocketAddr) -> String {
    let host = match listen.ip() {
        ip if !ip.is_unspecified() => ip,
        _ => IpAddr::V4(Ipv4Addr::LOCALHOST),
    };
    format!("http://{}", SocketAddr::new(host, listen.port()))
}
