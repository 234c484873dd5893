//! Ports for servers that a test starts.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the ports that the system gives to outgoing connections, so that a port stays free until its server listens.
const PORTS: std::ops::Range<u16> = 21_000..29_000;

/// A port that this process has not used before and that is free at the moment.
///
/// Another process may take the port before the caller's server does: the caller has to check that the server it talks
/// to is its own. Processes that run at the same time start at different ports.
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
