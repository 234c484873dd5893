use super::exit::CliError;
use super::output::Output;
use crate::adapters::events::cloud_events;
use crate::config::Sources;
use crate::container::document::event_place;

pub(super) fn run(sources: &Sources) -> Result<(), CliError> {
    // Without valid settings, for example while an image is built, it is that of an example.
    let place = sources.load().map(|loaded| event_place(&loaded.settings)).unwrap_or_default();
    Output::print_text(&format!("{:#}", cloud_events::document(&place)))
}
