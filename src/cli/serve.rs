use std::future::pending;
use std::io::ErrorKind;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

use super::banner;
use super::context::Context;
use super::exit::{CliError, Exit};
use super::metrics;
use super::values::seconds;
use super::waiting::{self, LastReason, RETRY};
use crate::api::server;
use crate::container::Container;
use crate::tasks::Shutdown;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc serve
  svc serve --set server.listen=0.0.0.0:8000 --no-worker
  svc serve --wait 30")]
pub(super) struct Args {
    /// Exit with code 69 if the database is unreachable after SECS seconds [default: serve "not ready" until
    /// it is reachable]
    ///
    /// A database that is not migrated is reachable: the service is "not ready", and the log says so every 10
    /// seconds, until `svc migrate` has run.
    #[arg(long, value_name = "SECS", value_parser = seconds, allow_hyphen_values = true)]
    wait: Option<u64>,
    /// Do not migrate an embedded database [default: migrate it at the start]
    #[arg(long)]
    no_migrate: bool,
    /// Run event handlers and clean-up jobs in this process too [default: with an embedded database only]
    #[arg(long, conflicts_with = "no_worker")]
    with_worker: bool,
    /// Leave event handlers and clean-up jobs to `svc consume`
    #[arg(long)]
    no_worker: bool,
}

/// How long the connections to the database may take to close: the rest of the 30 seconds that a stop may
/// take.
const CLOSING: Duration = Duration::from_secs(3);

pub(super) async fn run(context: &mut Context, args: &Args) -> Result<(), CliError> {
    let listener = bind(context)?;
    let container = context.container()?;
    let shutdown = Shutdown::on_signals(context.loaded.settings.server.drain_delay).map_err(|error| {
        CliError::new(Exit::Failed, format!("failed to install signal handlers: {error}"))
    })?;
    let endpoint = container.endpoint(shutdown.clone()).map_err(|error| context.build_error(error))?;
    let mut logged = LastReason::default();
    let ready = tokio::select! {
        ready = make_ready(context, &container, args, &mut logged) => ready?,
        () = shutdown.stopping() => return Ok(()),
    };
    container.start();
    container.export_traces();
    container.start_worker(args.with_worker || container.is_embedded() && !args.no_worker);
    banner::show(&context.loaded);
    context.manager.ready(&format!("serving on {}", context.loaded.settings.server.listen));
    tokio::select! {
        () = stopping(context, shutdown.clone()) => {}
        () = server::run_counting(listener, endpoint, container.limits(), shutdown, container.http_counts()) => {}
        () = metrics::serve(context, &container) => {}
        () = context.manager.watch(async || container.runs_tasks().await) => {}
        error = keep_trying(context, &container, ready, logged) => return Err(error),
        error = waiting::until_unusable(context, &container) => return Err(error),
    }
    // The server may have ended in the moment in which the stop began.
    context.manager.stopping();
    // An unresponsive database keeps its connections busy. The process does not wait for it.
    if timeout(CLOSING, container.close()).await.is_err() {
        tracing::warn!("database connections not closed in time");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Reports the stop to the service manager. Never returns.
async fn stopping(context: &Context, shutdown: Shutdown) {
    shutdown.draining().await;
    context.manager.stopping();
    pending::<()>().await;
}

/// Prepares everything that requests need, so that log-ins work as soon as the service answers. Returns
/// whether there is an active signing key.
async fn make_ready(
    context: &Context,
    container: &Container,
    args: &Args,
    logged: &mut LastReason,
) -> Result<bool, CliError> {
    if !args.no_migrate {
        container.migrate_if_embedded().await.map_err(|error| context.store_error(&error))?;
    }
    if let Some(seconds) = args.wait {
        waiting::for_database(context, container, Duration::from_secs(seconds)).await?;
    }
    // Retried in the background. No request is served before it succeeds.
    if let Err(error) = container.load_bans().await {
        tracing::warn!(%error, "not ready: failed to load bans, retrying");
    }
    waiting::to_prepare(context, container, logged).await
}

/// Opens the port, and updates the settings if any free port was requested.
fn bind(context: &mut Context) -> Result<TcpListener, CliError> {
    let listen = context.loaded.settings.server.listen;
    let opened = server::bind(listen).and_then(|listener| Ok((listener.local_addr()?, listener)));
    let (address, listener) = opened.map_err(|error| {
        let hint = match error.kind() {
            ErrorKind::AddrInUse => "; another svc may be running there: stop it, or set another port",
            _ => "",
        };
        context.rejection(Exit::Failed, "server.listen", format!("cannot listen on {listen}: {error}{hint}"))
    })?;
    context.loaded.settings.listening_on(address);
    Ok(listener)
}

/// Retries until the database is available. Returns only an error that waiting cannot resolve.
async fn keep_trying(
    context: &Context,
    container: &Container,
    mut prepared: bool,
    mut logged: LastReason,
) -> CliError {
    while !prepared {
        sleep(RETRY).await;
        match waiting::to_prepare(context, container, &mut logged).await {
            Ok(done) => prepared = done,
            Err(error) => return error,
        }
    }
    pending().await
}
