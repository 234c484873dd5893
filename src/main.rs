//! The `svc` binary: parses the command line, runs the subcommand and exits with a code that scripts can rely
//! on.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use svc::cli::{self, Cli};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return cli::refuse(&error),
    };
    match Box::pin(cli::run(cli)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed stderr cannot report the error. The exit code still does.
            let _ = writeln!(std::io::stderr(), "svc: {error}");
            error.exit.into()
        }
    }
}
