//! The `svc` binary: reads the command line, does what it says, and exits with a code that scripts can rely on.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use svc::cli::{self, Cli};

#[tokio::main]
async fn main() -> ExitCode {
    match cli::run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell when stderr is gone; the code still says it.
            let _ = writeln!(std::io::stderr(), "svc: {error}");
            error.exit.into()
        }
    }
}
