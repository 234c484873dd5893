use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// The network by which rate limits count a client address: one IPv4 address, or the /64 of an IPv6 address,
/// since a subscriber has at least a /64 (RFC 6177). An IPv4-mapped IPv6 address counts as its IPv4 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Prefix(IpAddr);

impl Prefix {
    /// The prefix that an address belongs to.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(IpAddr::V4(address)),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Self(IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)))
            }
        }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => write!(f, "{address}/32"),
            IpAddr::V6(address) => write!(f, "{address}/64"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(address: &str) -> String {
        Prefix::of(address.parse().unwrap()).to_string()
    }

    #[test]
    fn an_ipv4_address_counts_alone_and_an_ipv6_address_by_its_64() {
        assert_eq!(prefix("203.0.113.9"), "203.0.113.9/32");
        assert_eq!(prefix("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(prefix("2001:db8:1:2::1"), prefix("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(prefix("2001:db8:1:2::1"), prefix("2001:db8:1:3::1"));
    }

    #[test]
    fn a_mapped_address_counts_as_what_it_maps() {
        assert_eq!(prefix("::ffff:203.0.113.9"), "203.0.113.9/32");
        assert_ne!(prefix("::ffff:203.0.113.9"), prefix("::ffff:203.0.113.10"));
    }
}
