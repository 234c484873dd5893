//! Network addresses: where the service is reached, and which proxies it trusts.

use std::net::IpAddr;

use ipnet::IpNet;
use url::Url;

use super::facts::Facts;
use crate::config::settings::MetricsListen;
use crate::config::urls::is_loopback;

/// Networks that are not part of the public internet.
const PRIVATE: [&str; 9] = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "127.0.0.0/8",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
];

fn is_private(network: &IpNet) -> bool {
    PRIVATE.iter().filter_map(|private| private.parse().ok()).any(|private: IpNet| private.contains(network))
}

/// `0.0.0.0` is accepted: inside a container, the service cannot see which networks lead to it.
pub(super) fn metrics(facts: &Facts<'_>) -> Option<String> {
    let MetricsListen::At(address) = facts.draft.server.as_ref()?.metrics_listen else { return None };
    let is_public = !address.ip().is_unspecified() && !is_private(&IpNet::from(address.ip()));
    is_public.then(|| format!("{address} is a public address"))
}

pub(super) fn no_public_url(facts: &Facts<'_>) -> Option<String> {
    let url = &facts.draft.server.as_ref()?.public_url;
    facts
        .public_url_is_default
        .then(|| format!("not set, so tokens and metadata contain {url}, which clients cannot reach"))
}

pub(super) fn plain_public_url(facts: &Facts<'_>) -> Option<String> {
    let text = &facts.draft.server.as_ref()?.public_url;
    let url = Url::parse(text).ok()?;
    let is_exposed = url.scheme() != "https" && !url.host_str().is_some_and(is_loopback);
    (is_exposed && !facts.public_url_is_default).then(|| format!("{text:?} has no TLS"))
}

/// The service would trust `X-Forwarded-For` from any client in such a network.
pub(super) fn wide_proxies(facts: &Facts<'_>) -> Option<String> {
    let is_wide = |network: &IpNet| network.prefix_len() < of_family(network, 8, 16);
    first_public(facts, is_wide)
}

pub(super) fn public_proxies(facts: &Facts<'_>) -> Option<String> {
    // A network that is refused needs no warning.
    if wide_proxies(facts).is_some() {
        return None;
    }
    let is_large = |network: &IpNet| network.prefix_len() < of_family(network, 16, 32);
    first_public(facts, is_large)
}

fn first_public(facts: &Facts<'_>, is_broken: impl Fn(&IpNet) -> bool) -> Option<String> {
    // Two halves are as wide as the whole network.
    let networks = IpNet::aggregate(&facts.draft.server.as_ref()?.trusted_proxies);
    let found = networks.into_iter().find(|network| is_broken(network) && !is_private(network))?;
    Some(format!("contains {found}, so any client there can claim any IP address"))
}

fn of_family(network: &IpNet, v4: u8, v6: u8) -> u8 {
    match network.addr() {
        IpAddr::V4(_) => v4,
        IpAddr::V6(_) => v6,
    }
}
