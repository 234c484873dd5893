use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// An IP network in canonical form: the bits after the prefix are zero, and a network of IPv4-mapped IPv6
/// addresses is the IPv4 network. A single address is a network of one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(IpNet);

/// The text is neither an IP address nor a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an IP address or a network such as 203.0.113.0/24 or 2001:db8::/32")]
pub struct NotANetwork;

impl Network {
    /// An IPv4 network with a shorter prefix is wide.
    const NARROW_V4: u8 = 8;
    /// An IPv6 network with a shorter prefix is wide.
    const NARROW_V6: u8 = 16;

    /// Brings a network into canonical form.
    #[must_use]
    pub fn of(network: IpNet) -> Self {
        let network = network.trunc();
        let mapped = match network {
            IpNet::V6(network) if network.prefix_len() >= 96 => network
                .addr()
                .to_ipv4_mapped()
                .and_then(|address| Ipv4Net::new(address, network.prefix_len() - 96).ok()),
            IpNet::V4(_) | IpNet::V6(_) => None,
        };
        Self(mapped.map_or(network, IpNet::V4))
    }

    /// The first and the last address of the network.
    #[must_use]
    pub fn range(self) -> (IpAddr, IpAddr) {
        (self.0.network(), self.0.broadcast())
    }

    /// Whether the network contains this address.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }

    /// Whether the two have an address in common.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.0.contains(&other.0) || other.0.contains(&self.0)
    }

    /// Whether the network contains a loopback address.
    #[must_use]
    pub fn has_loopback(self) -> bool {
        let v4 = Ipv4Net::new(Ipv4Addr::LOCALHOST, 8).map(IpNet::V4);
        let v6 = Ipv6Net::new(Ipv6Addr::LOCALHOST, 128).map(IpNet::V6);
        [v4, v6].into_iter().flatten().any(|loopback| self.overlaps(Self::of(loopback)))
    }

    /// Whether the network is wider than that of one operator: more than 16 million IPv4 addresses, or more
    /// than an IPv6 /16.
    #[must_use]
    pub fn is_wide(self) -> bool {
        let narrow = match self.0 {
            IpNet::V4(_) => Self::NARROW_V4,
            IpNet::V6(_) => Self::NARROW_V6,
        };
        self.0.prefix_len() < narrow
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map(Self::of).map_err(|_| NotANetwork)
    }
}

/// Writes the prefix length, even for a single address.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse().unwrap()
    }

    #[test]
    fn each_network_has_one_form() {
        for (text, canonical) in [
            ("203.0.113.9", "203.0.113.9/32"),
            ("203.0.113.9/24", "203.0.113.0/24"),
            ("2001:DB8:0:0::1", "2001:db8::1/128"),
            ("2001:db8:1:2:3::/64", "2001:db8:1:2::/64"),
            ("::ffff:203.0.113.9", "203.0.113.9/32"),
            ("::ffff:203.0.113.9/120", "203.0.113.0/24"),
            ("::ffff:0:0/96", "0.0.0.0/0"),
            ("::ffff:0:0/95", "::fffe:0:0/95"),
        ] {
            assert_eq!(network(text).to_string(), canonical, "{text}");
            assert_eq!(network(canonical), network(text));
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in
            ["", "ada", "203.0.113", "203.0.113.9/33", "2001:db8::/129", "[::1]", "fe80::1%eth0", "1.2.3.4 "]
        {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text:?}");
        }
    }

    #[test]
    fn networks_overlap_when_one_holds_the_other() {
        assert!(network("10.0.0.0/8").overlaps(network("10.1.2.3")));
        assert!(network("10.1.2.3").overlaps(network("10.0.0.0/8")));
        assert!(!network("10.0.0.0/9").overlaps(network("10.128.0.0/9")));
        assert!(!network("::/0").overlaps(network("10.0.0.0/8")));
    }

    #[test]
    fn wide_networks_and_loopback_are_known() {
        for (text, wide, loopback) in [
            ("10.0.0.0/8", false, false),
            ("10.0.0.0/7", true, false),
            ("2001::/16", false, false),
            ("2000::/15", true, false),
            ("127.3.4.5", false, true),
            ("0.0.0.0/0", true, true),
            ("::1", false, true),
            ("::2", false, false),
            ("::ffff:127.0.0.1", false, true),
        ] {
            assert_eq!((network(text).is_wide(), network(text).has_loopback()), (wide, loopback), "{text}");
        }
    }
}
