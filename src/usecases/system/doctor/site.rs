use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::check::DoctorCheck;
use super::finding::Finding;
use crate::domain::{Network, Timestamp, counted};
use crate::ports::Clock;
use crate::ports::inspection::{CLAIMED, Introduction, Introductions, SiteFacts, SiteFault, SiteInspector};

const NAME: &str = "public_url";
const CERTIFICATE: &str = "certificate";
const PROXY: &str = "trusted_proxies";

/// A certificate that is renewed automatically has more than this left.
const SOON: Duration = Duration::from_hours(14 * 24);

/// Checks that the public URL leads to this service, and that the service sees the addresses of clients.
pub(super) struct SiteCheck {
    pub site: Arc<dyn SiteInspector>,
    pub introductions: Arc<dyn Introductions>,
    pub clock: Arc<dyn Clock>,
    /// The public URL.
    pub url: String,
    pub trusted_proxies: Vec<Network>,
}

#[async_trait]
impl DoctorCheck for SiteCheck {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn run(&self) -> Vec<Finding> {
        let now = self.clock.now();
        let question = self.introductions.question(now);
        match self.site.inspect(&question).await {
            Ok(facts) => {
                let answer = facts.answer.as_deref();
                let seen = answer.and_then(|answer| self.introductions.read(&question, answer));
                judge(&self.url, &facts, seen, now, &self.trusted_proxies)
            }
            Err(fault) => vec![unreachable(&self.url, &fault)],
        }
    }
}

fn unreachable(url: &str, fault: &SiteFault) -> Finding {
    let cure = match fault {
        SiteFault::Refused(address, _) if address.is_loopback() => {
            return Finding::ok(NAME, format!("{url}: the service does not run"));
        }
        SiteFault::Name(_) => "correct server.public_url, or add the name to the DNS",
        SiteFault::Refused(..) | SiteFault::Silent(_) => {
            "start the service and its proxy, and check the firewall and server.public_url"
        }
        SiteFault::Tls(_) => {
            "renew the certificate, or correct it: it must be valid for the host of server.public_url"
        }
    };
    let means = "clients do not reach the service, and links in mails do not work";
    Finding::fail(NAME, format!("{url}: {fault}"), means, cure)
}

fn judge(
    url: &str,
    facts: &SiteFacts,
    seen: Option<Introduction>,
    now: Timestamp,
    trusted: &[Network],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    match &seen {
        Some(_) => findings.push(Finding::ok(NAME, format!("{url} leads to this service"))),
        None => findings.push(Finding::fail(
            NAME,
            format!(
                "{url}: status {} from another service, or from one with another secret key",
                facts.status
            ),
            "links in mails, and clients that trust the issuer of tokens, go to the other service",
            "correct server.public_url or the proxy, and give all replicas the same security.secret_key",
        )),
    }
    findings.extend(facts.certificate_ends.map(|end| certificate(end, now)));
    findings.extend(seen.map(|seen| proxy(url, facts, &seen, trusted)));
    findings
}

fn certificate(end: Timestamp, now: Timestamp) -> Finding {
    let days = end.since(now).as_secs() / (24 * 3600);
    let measured = format!("valid until {end}, for {}", counted(days, "day"));
    if end.since(now) < SOON {
        let means = "clients refuse the service once the certificate has ended";
        return Finding::warn(
            CERTIFICATE,
            measured,
            means,
            "renew the certificate, and check why that is not automatic",
        );
    }
    Finding::ok(CERTIFICATE, measured)
}

/// The request claimed to come from [`CLAIMED`]. A proxy adds the address that it sees after that one.
fn proxy(url: &str, facts: &SiteFacts, seen: &Introduction, trusted: &[Network]) -> Finding {
    let Introduction { client, peer, is_trusted, is_forwarded } = seen;
    if *client == CLAIMED {
        // This machine is itself one that the service believes, so it cannot tell what others may claim.
        if facts.own == *peer || trusted.iter().any(|network| network.contains(facts.own)) {
            return Finding::ok(PROXY, format!("{peer} is trusted, and so is this machine"));
        }
        return Finding::fail(
            PROXY,
            format!("the service believes a client that claims to be {CLAIMED}"),
            "clients choose the address that rate limits and bans count",
            "let the proxy overwrite or append X-Forwarded-For, and name only proxies in server.trusted_proxies",
        );
    }
    if *is_forwarded && !is_trusted {
        return Finding::fail(
            PROXY,
            format!("requests come from the proxy {peer}, which is not trusted"),
            "all clients have the address of the proxy: they share one rate limit, and a ban would hit all",
            format!("add {peer} to server.trusted_proxies"),
        );
    }
    if url.starts_with("https://") && !is_forwarded {
        return Finding::warn(
            PROXY,
            format!("requests come from {peer} without X-Forwarded-For"),
            "all clients have the address of the proxy: they share one rate limit, and a ban would hit all",
            "let the proxy add X-Forwarded-For, and add it to server.trusted_proxies",
        );
    }
    Finding::ok(PROXY, format!("the service sees this process as {client}"))
}

#[cfg(test)]
mod tests {
    use super::super::finding::FindingState::{self, Fail, Ok, Warn};
    use super::*;

    const URL: &str = "https://auth.example.com";

    fn facts(own: &str, certificate_ends: Option<Timestamp>) -> SiteFacts {
        let (server, own) = ("203.0.113.1".parse().unwrap(), own.parse().unwrap());
        SiteFacts { server, own, status: 200, answer: None, certificate_ends }
    }

    fn states(findings: &[Finding]) -> Vec<(&str, FindingState)> {
        findings.iter().map(|finding| (finding.check, finding.state)).collect()
    }

    #[test]
    fn a_proxy_is_trusted_and_its_clients_are_not() {
        let trusted: Vec<Network> = vec!["10.0.0.0/8".parse().unwrap()];
        for (own, client, peer, is_trusted, is_forwarded, state) in [
            ("198.51.100.7", "198.51.100.7", "10.0.0.1", true, true, Ok),
            ("198.51.100.7", "10.0.0.1", "10.0.0.1", false, true, Fail),
            ("198.51.100.7", "192.0.2.77", "10.0.0.1", true, true, Fail),
            ("198.51.100.7", "10.0.0.1", "10.0.0.1", true, false, Warn),
            ("10.0.0.9", "192.0.2.77", "10.0.0.1", true, true, Ok),
            ("127.0.0.1", "192.0.2.77", "127.0.0.1", true, false, Ok),
        ] {
            let (client, peer) = (client.parse().unwrap(), peer.parse().unwrap());
            let seen = Introduction { client, peer, is_trusted, is_forwarded };
            let finding = proxy(URL, &facts(own, None), &seen, &trusted);
            assert_eq!(finding.state, state, "{seen:?}: {finding:?}");
        }
    }

    #[test]
    fn an_answer_of_another_service_and_a_certificate_that_ends_soon_are_found() {
        let now = Timestamp::from_micros(1_700_000_000_000_000).unwrap();
        let days = |days: u64| Some(now.plus(Duration::from_hours(24 * days)));
        let found = judge(URL, &facts("198.51.100.7", days(13)), None, now, &[]);
        assert_eq!(states(&found), [(NAME, Fail), (CERTIFICATE, Warn)]);
        let found = judge(URL, &facts("198.51.100.7", days(15)), None, now, &[]);
        assert_eq!(states(&found), [(NAME, Fail), (CERTIFICATE, Ok)]);
    }
}
