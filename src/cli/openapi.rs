use super::exit::CliError;
use super::output::Output;
use crate::api;
use crate::config::Sources;
use crate::container::document::document_settings;

/// The server of a document that is printed without valid settings, for example while an image is built.
const EXAMPLE: &str = "https://auth.example.com";

pub(super) fn run(sources: &Sources) -> Result<(), CliError> {
    let settings = sources.load().map(|loaded| document_settings(&loaded.settings));
    Output::print_text(&api::openapi_document(&settings.unwrap_or_else(|_| EXAMPLE.into())))
}
