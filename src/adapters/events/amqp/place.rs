use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lapin::uri::{AMQPAuthority, AMQPQueryString, AMQPScheme, AMQPUri, AMQPUserInfo};

use super::error::PATIENCE;
use super::topology::Names;
use crate::adapters::system::random;
use crate::config::AmqpUrl;

/// How long connecting and logging in to one of several nodes may take. After that, another node is tried.
const NODE_PATIENCE: Duration = Duration::from_millis(1500);
/// The heartbeat interval in seconds. A side that hears nothing for two intervals drops the connection.
const HEARTBEAT: u16 = 2;

/// The nodes of the broker, and the names of everything there.
pub(super) struct Place {
    pub(super) nodes: Vec<AMQPUri>,
    /// The index of the node to connect to.
    pub(super) current: AtomicUsize,
    pub(super) names: Names,
}

impl Place {
    pub(super) fn new(url: &AmqpUrl, namespace: &str) -> Self {
        let (user, password) = url.login();
        let node = |(host, port): (String, u16)| AMQPUri {
            scheme: if url.is_encrypted() { AMQPScheme::AMQPS } else { AMQPScheme::AMQP },
            authority: AMQPAuthority {
                userinfo: AMQPUserInfo { username: user.to_owned(), password: password.to_owned() },
                host,
                port,
            },
            vhost: url.vhost.clone(),
            query: AMQPQueryString { heartbeat: Some(HEARTBEAT), ..AMQPQueryString::default() },
        };
        let nodes: Vec<_> = url.addresses().into_iter().map(node).collect();
        // A random first node spreads the connections of many processes over the nodes.
        let first = usize::from(random::<1>()[0]) % nodes.len();
        Self { nodes, current: AtomicUsize::new(first), names: Names::new(namespace) }
    }

    /// Returns the node to connect to, and how long connecting may take.
    pub(super) fn node(&self) -> (usize, &AMQPUri, Duration) {
        let node = self.current.load(Ordering::Relaxed);
        (node, &self.nodes[node], if self.nodes.len() > 1 { NODE_PATIENCE } else { PATIENCE })
    }

    /// Makes the next connection use another node. When several connections leave one node, the first
    /// decides.
    pub(super) fn leave(&self, node: usize) {
        let next = (node + 1) % self.nodes.len();
        let _ = self.current.compare_exchange(node, next, Ordering::Relaxed, Ordering::Relaxed);
    }
}
