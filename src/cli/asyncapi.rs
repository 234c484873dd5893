use super::exit::CliError;
use super::output::Output;
use crate::adapters::events::cloud_events;

pub(super) fn run() -> Result<(), CliError> {
    Output::print_text(&format!("{:#}", cloud_events::document()))
}
