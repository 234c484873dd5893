use std::net::IpAddr;
use std::time::Instant;

use uuid::Uuid;

use super::table::Table;
use crate::domain::{Ban, BanEnd, BanId, BanTarget, Timestamp, UserId};

fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(second * 1_000_000).unwrap()
}

fn ban(target: BanTarget, end: BanEnd) -> Ban {
    Ban { id: BanId(Uuid::nil()), target, reason: None, version: 1, created_at: at(0), end }
}

/// A ban of a network that ends at a second; 0 means never.
fn of_network(network: &str, second: i64) -> Ban {
    let end = BanEnd::of((second > 0).then(|| at(second)));
    ban(BanTarget::Network(network.parse().unwrap()), end)
}

fn find(table: &Table, address: &str) -> Option<BanEnd> {
    table.of_address(address.parse().unwrap(), at(1))
}

#[test]
fn an_address_is_found_in_its_network_and_not_beside_it() {
    let table = Table::of(&[
        of_network("203.0.113.0/24", 0),
        of_network("2001:db8:1:2::/64", 0),
        of_network("198.51.100.7", 0),
        of_network("0.0.0.0/8", 0),
        of_network("255.255.255.255", 0),
        of_network("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0),
    ]);
    for banned in [
        "203.0.113.0",
        "203.0.113.255",
        "::ffff:203.0.113.9",
        "2001:db8:1:2::",
        "2001:db8:1:2:ffff:ffff:ffff:ffff",
        "198.51.100.7",
        "0.0.0.0",
        "255.255.255.255",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ] {
        assert_eq!(find(&table, banned), Some(BanEnd::Never), "{banned}");
    }
    for free in [
        "203.0.112.255",
        "203.0.114.0",
        "2001:db8:1:1:ffff:ffff:ffff:ffff",
        "2001:db8:1:3::",
        "198.51.100.6",
        "198.51.100.8",
        "1.0.0.0",
        "255.255.255.254",
        "::cb00:7109",
    ] {
        assert_eq!(find(&table, free), None, "{free}");
    }
}

#[test]
fn of_nested_bans_the_one_that_ends_last_counts() {
    let bans = [
        of_network("10.0.0.0/8", 100),
        of_network("10.1.0.0/16", 50),
        of_network("10.1.1.0/24", 200),
        of_network("10.1.1.1", 150),
        of_network("10.1.255.255", 0),
        of_network("10.255.0.0/16", 300),
    ];
    let ends = |second| Some(BanEnd::At(at(second)));
    for order in 0..bans.len() {
        let mut bans = bans.to_vec();
        bans.rotate_left(order);
        let table = Table::of(&bans);
        assert_eq!(find(&table, "10.0.0.0"), ends(100));
        assert_eq!(find(&table, "10.1.0.0"), ends(100));
        assert_eq!(find(&table, "10.1.1.0"), ends(200));
        assert_eq!(find(&table, "10.1.1.1"), ends(200));
        assert_eq!(find(&table, "10.1.1.255"), ends(200));
        assert_eq!(find(&table, "10.1.2.0"), ends(100));
        assert_eq!(find(&table, "10.1.255.255"), Some(BanEnd::Never));
        assert_eq!(find(&table, "10.2.0.0"), ends(100));
        assert_eq!(find(&table, "10.255.255.255"), ends(300));
        assert_eq!(find(&table, "11.0.0.0"), None);
    }
}

#[test]
fn the_last_address_ends_every_network_around_it() {
    let table = Table::of(&[of_network("128.0.0.0/1", 100), of_network("255.255.255.255", 200)]);
    assert_eq!(find(&table, "128.0.0.0"), Some(BanEnd::At(at(100))));
    assert_eq!(find(&table, "255.255.255.254"), Some(BanEnd::At(at(100))));
    assert_eq!(find(&table, "255.255.255.255"), Some(BanEnd::At(at(200))));
    assert_eq!(find(&table, "127.255.255.255"), None);
}

/// Compares with the definition, for every address of a small network and 2,000 sets of networks within it.
#[test]
fn the_ranges_agree_with_the_networks() {
    let networks: Vec<String> = (28..=32)
        .flat_map(|prefix| {
            (0..16).step_by(1 << (32 - prefix)).map(move |host| format!("192.0.2.{host}/{prefix}"))
        })
        .collect();
    for set in (0..1_u64 << 31).step_by(1_073_741).take(2_000) {
        let bans: Vec<Ban> = networks
            .iter()
            .enumerate()
            .filter(|(number, _)| set >> number & 1 == 1)
            .map(|(number, network)| of_network(network, 2 + i64::try_from(number * 7 % 31).unwrap()))
            .collect();
        let table = Table::of(&bans);
        for host in 0..16 {
            let address: IpAddr = format!("192.0.2.{host}").parse().unwrap();
            let covers = |ban: &&Ban| match ban.target {
                BanTarget::Network(network) => network.overlaps(address.to_string().parse().unwrap()),
                BanTarget::User(_) => false,
            };
            let expected = bans.iter().filter(covers).map(|ban| ban.end).max();
            assert_eq!(table.of_address(address, at(1)), expected, "{host} of {bans:?}");
        }
    }
}

#[test]
fn a_ban_stops_at_its_end_by_itself() {
    let user = UserId(Uuid::from_u128(7));
    let table = Table::of(&[of_network("203.0.113.9", 10), ban(BanTarget::User(user), BanEnd::At(at(10)))]);
    let address = "203.0.113.9".parse().unwrap();
    assert_eq!(table.of_address(address, at(9)), Some(BanEnd::At(at(10))));
    assert_eq!(table.of_address(address, at(10)), None);
    assert_eq!(table.of_user(user, at(9)), Some(BanEnd::At(at(10))));
    assert_eq!(table.of_user(user, at(10)), None);
    assert_eq!(table.of_user(UserId(Uuid::from_u128(8)), at(9)), None);
    assert!(table.has_users(at(9)) && !table.has_users(at(10)));
    assert!(!Table::of(&[of_network("203.0.113.9", 10)]).has_users(at(9)));
}

/// Run by hand in a release build: `cargo test --release --lib ban_list -- --ignored --nocapture`.
#[test]
#[ignore = "measures, and asserts nothing that time could break"]
fn time_of_a_look_up() {
    for count in [0_u32, 1, 100, 10_000] {
        let mut bans: Vec<Ban> = (0..count / 2)
            .map(|number| {
                of_network(&format!("10.{}.{}.0/{}", number / 250, number % 250, 24 + number % 9), 0)
            })
            .collect();
        bans.extend(
            (0..count.div_ceil(2))
                .map(|number| of_network(&format!("2001:db8:{number:x}::/{}", 48 + number % 17), 0)),
        );
        let table = Table::of(&bans);
        for family in ["v4", "v6"] {
            let address = |number: u32| -> IpAddr {
                let spread = number.wrapping_mul(2_654_435_761);
                if family == "v4" {
                    IpAddr::from((0x0a80_0000_u32 | spread >> 9).to_be_bytes())
                } else {
                    IpAddr::from(
                        (0x2001_0db8_0000_0000_0000_0000_0000_0000_u128
                            | u128::from(spread >> 20) << 80
                            | 0xffff << 64)
                            .to_be_bytes(),
                    )
                }
            };
            let addresses: Vec<IpAddr> = (0..65_536).map(address).collect();
            let began = Instant::now();
            let found = (0..64)
                .flat_map(|_| &addresses)
                .filter(|address| table.of_address(**address, at(1)).is_some())
                .count();
            let each = began.elapsed().as_nanos() / (64 * 65_536);
            println!("{count} bans, {family}: {each} ns for each look-up, {found} of {} banned", 64 * 65_536);
        }
    }
}
