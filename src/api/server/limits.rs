use std::time::Duration;

use ipnet::IpNet;

use crate::api::budget::Budget;

/// The limits of the server for clients.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The time limit for the head of a request: for the first one from the start of the connection, for
    /// later ones from their first byte.
    pub header_timeout: Duration,
    /// How long a connection may stay open without a running request. A request ends with the head of its
    /// response, so this also limits clients that read a response slowly.
    pub idle_timeout: Duration,
    /// How long a client may read nothing of a waiting response.
    pub stall: Duration,
    /// The maximum number of concurrent connections; further ones wait to be accepted. The budget may lower
    /// it.
    pub connections: usize,
    /// The memory budget of all connections.
    pub budget: Budget,
    /// Trusted proxies. No limit per address applies to them.
    pub trusted: Vec<IpNet>,
    /// How long requests in flight may take to finish when the service stops.
    pub grace: Duration,
}
