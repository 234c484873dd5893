use std::io::Read;
use std::path::{Path, PathBuf};

use super::change::update_error;
use crate::api::metadata_patch;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::operator;
use crate::cli::output::user_value;
use crate::cli::target::UserArgument;
use crate::domain::{MetadataPatch, text_of};
use crate::usecases::MetadataOf;

/// Longer than any valid patch: one that removes members is longer than what it leaves.
const LONGEST: u64 = 1024 * 1024;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  echo '{\"plan\": \"pro\"}' | svc user set-metadata ada@example.com - --app
  echo '{\"plan\": null}' | svc user set-metadata ada@example.com - --app
  svc user set-metadata ada@example.com metadata.json

FILE is a JSON object. Its members replace those of the metadata, objects are merged, and null \
removes a member (RFC 7396). The output is the user as GET /api/v1/users/ID shows it.")]
pub(super) struct Args {
    #[command(flatten)]
    user: UserArgument,
    /// File with the members to change; - for standard input
    file: PathBuf,
    /// Change `app_metadata`, which only administrators can change [default: metadata]
    #[arg(long)]
    app: bool,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let user = args.user.parse()?;
    let patch = read(&args.file)?;
    let of = if args.app { MetadataOf::App } else { MetadataOf::User };
    let container = context.changer().await?;
    let changed = container.use_cases.users.set_metadata.run(&user, of, patch, operator::actor()).await;
    let changed = changed.map_err(|error| update_error(context, &args.user, error))?;
    context.output.print(&user_value(&changed))
}

fn read(file: &Path) -> Result<MetadataPatch, CliError> {
    let is_stdin = file == Path::new("-");
    let place = if is_stdin { "standard input".to_owned() } else { file.display().to_string() };
    let refused = |reason: String| CliError::new(Exit::BadData, format!("{place}: {reason}"));
    let mut bytes = Vec::new();
    let length = if is_stdin {
        std::io::stdin().take(LONGEST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
    };
    let length = length.map_err(|error| {
        CliError::new(Exit::Failed, format!("failed to read the metadata from {place}: {error}"))
    })?;
    if length as u64 > LONGEST {
        return Err(refused(format!("too long: expected at most {LONGEST} bytes")));
    }
    let text = text_of(&bytes).map_err(|error| refused(error.to_string()))?;
    metadata_patch(text).map_err(refused)
}
