//! The listener for a Prometheus server, of whichever command works for long.

use std::future::pending;

use super::context::Context;
use crate::api::server;
use crate::container::Container;
use crate::shutdown::Shutdown;

/// Serves what is counted for as long as this is waited for; it never ends.
///
/// Where its port is taken, as by another `svc` on the same machine, it says so, and the process works on without.
pub(super) async fn serve(context: &Context, container: &Container) {
    let Some(listen) = context.loaded.settings.server.metrics_listen else { return pending().await };
    match server::bind(listen).and_then(|listener| Ok((listener.local_addr()?, listener))) {
        Ok((listen, listener)) => {
            tracing::info!(%listen, "metrics");
            let endpoint = container.metrics_endpoint();
            server::run(listener, endpoint, container.limits(), Shutdown::default()).await;
        }
        Err(error) => {
            tracing::warn!(
                %listen, %error,
                "server.metrics_listen cannot be opened, so there are no metrics of this process; give it a port of \
                 its own, or \"off\""
            );
        }
    }
    pending::<()>().await;
}
