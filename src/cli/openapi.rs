use super::exit::CliError;
use super::output::Output;
use crate::api;

pub(super) fn run() -> Result<(), CliError> {
    Output::print_text(&api::openapi_document())
}
