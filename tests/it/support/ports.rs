//! Ports for servers that a test starts.

use std::hash::{BuildHasher, RandomState};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the ports that the system uses for outgoing connections, so that a port stays free until its server
/// listens.
const PORTS: std::ops::Range<u16> = 21_000..29_000;

/// Returns a port that this process has not used before and that is free now.
///
/// Another process may take the port before the caller's server does, so the caller has to check that the
/// server that it talks to is its own. Processes that run at the same time start at different ports.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let begin = u16::try_from(std::process::id() * 37 % u32::from(PORTS.end - PORTS.start)).unwrap();
    loop {
        let offset = begin.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % (PORTS.end - PORTS.start);
        let port = PORTS.start + offset;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

/// Returns a loopback address for one test; others serve and connect from 127.0.0.1. So the port of a process
/// that ended is still free when the process is started again, and no other process answers there in between.
pub fn own_host() -> Ipv4Addr {
    let [a, b, c, ..] = RandomState::new().hash_one(0).to_ne_bytes().map(|byte| byte.clamp(1, 254));
    let own = Ipv4Addr::new(127, a, b, c);
    // Not every system has more than one loopback address.
    if TcpListener::bind((own, 0)).is_ok() { own } else { Ipv4Addr::LOCALHOST }
}
