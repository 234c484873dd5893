use std::future::pending;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

use super::banner;
use super::context::Context;
use super::exit::{CliError, Exit};
use crate::api::server;
use crate::container::Container;
use crate::ports::StoreError;
use crate::shutdown::Shutdown;
use crate::usecases::PrepareSigningKeyError;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Give up (exit code 69) when the database is not there after this many seconds, instead of serving
    /// "not ready" until it is
    #[arg(long, value_name = "SECS")]
    wait: Option<u64>,
    /// Leave an embedded database's schema as it is
    #[arg(long)]
    no_migrate: bool,
}

/// How long to wait between two looks at a database that is not there.
const RETRY: Duration = Duration::from_millis(500);

pub(super) async fn run(context: &mut Context, args: &Args) -> Result<(), CliError> {
    let listener = bind(context)?;
    let container = context.container()?;
    let shutdown = Shutdown::on_signals(context.loaded.settings.server.drain_delay)
        .map_err(|error| CliError::new(Exit::Failed, format!("signals: {error}")))?;
    if !args.no_migrate {
        container.migrate_if_embedded().await.map_err(|error| context.store_error(&error))?;
    }
    if let Some(seconds) = args.wait {
        tokio::select! {
            found = wait_for_database(context, &container, Duration::from_secs(seconds)) => found?,
            () = shutdown.stopping() => return Ok(()),
        }
    }
    // Before the first request, so that whoever logs in as soon as the service answers can.
    let prepared = try_to_prepare(context, &container).await?;
    banner::show(&context.loaded);
    let endpoint = container.endpoint(shutdown.clone());
    tokio::select! {
        () = server::run(listener, endpoint, container.limits(), shutdown) => {}
        error = keep_trying(context, &container, prepared) => return Err(error),
    }
    container.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Opens the port, and has the settings say which it is where any free one was asked for.
fn bind(context: &mut Context) -> Result<TcpListener, CliError> {
    let listen = context.loaded.settings.server.listen;
    let opened = server::bind(listen).and_then(|listener| Ok((listener.local_addr()?, listener)));
    let (address, listener) = opened.map_err(|error| {
        context.refusal(Exit::Failed, "server.listen", format!("cannot listen on {listen}: {error}"))
    })?;
    context.loaded.settings.listening_on(address);
    Ok(listener)
}

async fn wait_for_database(
    context: &Context,
    container: &Container,
    patience: Duration,
) -> Result<(), CliError> {
    let mut last = None;
    let found = timeout(patience, async {
        while let Err(error) = container.ports.migrations.status().await {
            tracing::warn!(%error, "waiting for the database");
            last = Some(error);
            sleep(RETRY).await;
        }
    });
    found.await.map_err(|_| {
        let silent = || StoreError::Unavailable(format!("no answer within {patience:?}"));
        context.store_error(&last.unwrap_or_else(silent))
    })
}

/// Sees to it that there is a key to sign with. `false` when the database has to be there for that and is not.
async fn try_to_prepare(context: &Context, container: &Container) -> Result<bool, CliError> {
    match container.use_cases.prepare_signing_key.run().await {
        Ok(()) => Ok(true),
        Err(error @ PrepareSigningKeyError::OtherSecret) => Err(context.key_error(&error)),
        Err(PrepareSigningKeyError::Failed(failure)) => {
            tracing::warn!(reason = %failure, "not ready: the signing key cannot be prepared; trying again");
            Ok(false)
        }
    }
}

/// Tries however long the database takes to come. Returns only with what no waiting mends.
async fn keep_trying(context: &Context, container: &Container, mut prepared: bool) -> CliError {
    while !prepared {
        sleep(RETRY).await;
        match try_to_prepare(context, container).await {
            Ok(done) => prepared = done,
            Err(error) => return error,
        }
    }
    pending().await
}
