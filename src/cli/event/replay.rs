use serde_json::{Value, json};
use uuid::Uuid;

use super::{Context, broker_error, selected::parse_since, show::no_such_event};
use crate::cli::exit::{CliError, Exit};
use crate::container::Container;
use crate::ports::events::{REPLAYED_AT_ONCE, Selection};

#[derive(Debug, clap::Args)]
#[group(skip)]
#[command(group(clap::ArgGroup::new("which").required(true)))]
pub(super) struct Args {
    /// ID of one event
    #[arg(group = "which")]
    id: Option<Uuid>,
    /// Replay all dead letters, of handlers and of the broker
    #[arg(long, group = "which")]
    dead: bool,
    /// Replay all events since WHEN: an age such as 24h, or a time such as 2026-01-31T12:00:00Z
    #[arg(long, value_name = "WHEN", group = "which")]
    since: Option<String>,
    /// Replay several events [default: print how many there are, and exit with code 2]
    #[arg(long)]
    yes: bool,
    /// Print how many events there are, without replaying them
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
}

/// The number of rows per statement, few enough that no request waits for it.
const SLICE: u32 = REPLAYED_AT_ONCE;

pub(super) async fn run(context: &Context, container: &Container, args: &Args) -> Result<Value, CliError> {
    let log = container.event_log();
    let failed = |error| context.store_error(&error);
    let selection = match (args.id, &args.since) {
        (Some(id), _) => Selection::One(id),
        (None, Some(since)) => Selection::Since(parse_since(container, since)?),
        (None, None) => Selection::Dead,
    };
    if let Selection::One(id) = selection
        && log.event(id).await.map_err(failed)?.is_none()
    {
        return Err(CliError::new(Exit::Failed, no_such_event(id)));
    }
    let (events, dead) = log.count(&selection).await.map_err(failed)?;
    let broker = container.dead_letters().filter(|_| selection == Selection::Dead);
    let letters = match broker {
        Some(broker) => broker.depth().await.map_err(|fault| broker_error(context, &fault))?.dead,
        None => 0,
    };
    let result = |events, dead, brought: Option<u64>| {
        let mut result = json!({ "replayed": events, "requeued": dead, "dry_run": args.dry_run });
        if let Some(brought) = brought {
            result["returned"] = json!(brought);
        }
        result
    };
    if args.dry_run {
        return Ok(result(events, dead, broker.map(|_| u64::from(letters))));
    }
    if !args.yes && !matches!(selection, Selection::One(_)) {
        let letters = if broker.is_some() {
            format!(", and return {letters} dead letters of the broker")
        } else {
            String::new()
        };
        let many = format!(
            "this would relay {events} events again, and requeue {dead} dead letters of handlers{letters}: pass --yes to do it"
        );
        return Err(CliError::new(Exit::Usage, many));
    }
    // Dead letters first: a replayed event does not change its existing inbox entries.
    let now = container.ports.clock.now();
    let mut revived = 0;
    loop {
        let slice = log.requeue(&selection, now, SLICE).await.map_err(failed)?;
        revived += slice;
        if slice < u64::from(SLICE) {
            break;
        }
    }
    let (mut again, mut place) = (0, Some(0));
    while let Some(after) = place {
        let (slice, next) = log.replay(&selection, after, SLICE).await.map_err(failed)?;
        again += slice;
        place = next;
    }
    let brought = match broker {
        Some(broker) => Some(broker.replay_all().await.map_err(|fault| broker_error(context, &fault))?),
        None => None,
    };
    Ok(result(again, revived, brought))
}
