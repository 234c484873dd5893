use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::context::Context;
use super::exit::{CliError, Exit};
use super::metrics;
use super::values::seconds;
use super::waiting;
use crate::container::Container;
use crate::tasks::Shutdown;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc consume
  svc consume --wait 30")]
pub(super) struct Args {
    /// Exit with code 69 if the database is unreachable after SECS seconds [default: wait]
    ///
    /// An unreachable broker does not end the worker: it connects to the broker once it is reachable. A
    /// database that is not migrated does not either: the worker waits for `svc migrate`, and the log says so
    /// every 10 seconds.
    #[arg(long, value_name = "SECS", value_parser = seconds, allow_hyphen_values = true)]
    wait: Option<u64>,
}

/// How long claimed work may take to finish: longer than a handler may take for one event.
const FINISH: Duration = Duration::from_secs(20);
/// How long the worker may be without a turn of its relay or its jobs: longer than any step of them.
const TURN: Duration = Duration::from_mins(2);
/// How long the connections to the database may take to close.
const CLOSING: Duration = Duration::from_secs(5);

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    for warning in context.loaded.warnings() {
        tracing::warn!("{warning}");
    }
    let container = context.container()?;
    let shutdown = Shutdown::on_signals(Duration::ZERO).map_err(|error| {
        CliError::new(Exit::Failed, format!("failed to install signal handlers: {error}"))
    })?;
    tokio::select! {
        prepared = prepare(context, &container, args) => prepared?,
        () = shutdown.stopping() => {
            context.manager.stopping();
            return Ok(());
        }
    }
    let settings = &context.loaded.settings;
    tracing::info!(database = %settings.database.url, queue = %settings.queue.url, "worker started");
    container.export_traces();
    context.manager.ready("relaying and handling events");
    let work = container.worker(true).run(shutdown.clone());
    let too_late = async {
        shutdown.stopping().await;
        context.manager.stopping();
        sleep(FINISH).await;
    };
    tokio::select! {
        () = work => {}
        () = metrics::serve(context, &container) => {}
        () = watch(context, &container) => {}
        error = waiting::until_unusable(context, &container) => return Err(error),
        () = too_late => tracing::warn!("unfinished work left to other workers or to the next start"),
    }
    // The work may have ended in the moment in which the stop began.
    context.manager.stopping();
    if timeout(CLOSING, container.close()).await.is_err() {
        tracing::warn!("the database does not let its connections be closed");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Waits until the database has all that the worker needs.
///
/// To the service manager the worker has started when it waits: otherwise the start of the machine, and the
/// units that are ordered after it, would wait for the database too.
async fn prepare(context: &Context, container: &Container, args: &Args) -> Result<(), CliError> {
    container.migrate_if_embedded().await.map_err(|error| context.store_error(&error))?;
    if let Some(seconds) = args.wait {
        waiting::for_database(context, container, Duration::from_secs(seconds)).await?;
    }
    let mut logged = waiting::LastReason::default();
    if waiting::to_prepare(context, container, &mut logged).await? {
        return Ok(());
    }
    let wait = async {
        loop {
            context.manager.ready(&format!("waiting for the database: {}", logged.text()));
            sleep(waiting::RETRY).await;
            if waiting::to_prepare(context, container, &mut logged).await? {
                return Ok::<(), CliError>(());
            }
        }
    };
    tokio::select! {
        prepared = wait => prepared,
        () = context.manager.watch(async || true) => Ok(()),
    }
}

/// Gives the service manager signs of life while the tasks of the worker take turns. They do so also while
/// the database or the broker is unreachable: a restart would not help then.
async fn watch(context: &Context, container: &Container) {
    let (mut turns, mut last) = (container.worker_turns(), Instant::now());
    let progresses = async || {
        let now = container.worker_turns();
        if now != turns {
            (turns, last) = (now, Instant::now());
        }
        last.elapsed() < TURN && container.runs_tasks().await
    };
    context.manager.watch(progresses).await;
}
