//! The listener for a Prometheus server, for each long-running command.

use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;

use super::context::Context;
use crate::api::server;
use crate::config::MetricsListen;
use crate::container::Container;
use crate::tasks::Shutdown;

/// The ports of `server.metrics_listen = "auto"`: one per process that a developer runs on one machine.
const PORTS: std::ops::RangeInclusive<u16> = 9000..=9009;

/// Serves the metrics until it is cancelled; never returns.
///
/// If the listener cannot be opened, logs the reason, and the process continues without it.
pub(super) async fn serve(context: &Context, container: &Container) {
    let opened = match context.loaded.settings.server.metrics_listen {
        MetricsListen::Off => return pending().await,
        MetricsListen::Auto => open_first_free(),
        MetricsListen::At(address) => open(address).map_err(|error| (address, error)),
    };
    match opened {
        Ok((listen, listener)) => {
            tracing::info!(%listen, "metrics listener opened");
            let endpoint = container.metrics_endpoint();
            server::run(listener, endpoint, container.metrics_limits(), Shutdown::default()).await;
        }
        Err((listen, error)) => {
            tracing::warn!(
                %listen, %error,
                "failed to open server.metrics_listen, so this process has no metrics; set it to a free address or to \
                 \"off\""
            );
        }
    }
    pending::<()>().await;
}

fn open(address: SocketAddr) -> io::Result<(SocketAddr, TcpListener)> {
    server::bind(address).and_then(|listener| Ok((listener.local_addr()?, listener)))
}

/// Opens the first free port of the range, or any free port if all are taken.
fn open_first_free() -> Result<(SocketAddr, TcpListener), (SocketAddr, io::Error)> {
    let address = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let opened = PORTS.map(address).find_map(|address| open(address).ok());
    opened.map_or_else(|| open(address(0)).map_err(|error| (address(0), error)), Ok)
}
