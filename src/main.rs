//! The `svc` binary: parses the command line, runs the subcommand and exits with a code that scripts can rely
//! on.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use svc::cli::{self, Cli};
use svc::tasks::return_memory;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    match Builder::new_multi_thread().enable_all().on_thread_park(return_memory).build() {
        Ok(runtime) => runtime.block_on(run()),
        Err(error) => failed(&format!("failed to start threads: {error}"), ExitCode::FAILURE),
    }
}

async fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return cli::refuse(&error),
    };
    match Box::pin(cli::run(cli)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error.to_string(), error.exit.into()),
    }
}

fn failed(error: &str, exit: ExitCode) -> ExitCode {
    // A closed stderr cannot report the error. The exit code still does.
    let _ = writeln!(std::io::stderr(), "svc: {error}");
    exit
}
