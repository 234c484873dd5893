use std::path::PathBuf;

use clap::Command;

use super::exit::{CliError, Exit};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  svc man /usr/local/share/man/man1")]
pub(super) struct Args {
    /// Folder for the pages, such as svc.1 and svc-event-list.1; it is created if it does not exist
    dir: PathBuf,
}

pub(super) fn run(args: &Args, command: Command) -> Result<(), CliError> {
    let written =
        std::fs::create_dir_all(&args.dir).and_then(|()| clap_mangen::generate_to(command, &args.dir));
    written.map_err(|error| {
        CliError::new(Exit::Failed, format!("failed to write the pages to {}: {error}", args.dir.display()))
    })
}
