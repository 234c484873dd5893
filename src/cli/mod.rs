//! The command line.
//!
//! **Here**: one file per subcommand, named after it. They share `Context` (settings, output), the password
//! options and the exit codes.
//!
//! **May use**: everything, through the container.
//!
//! **To add one**: a file with its `Args` and one `run`, a variant of `Command` and its line in [`run`], and
//! a test in `tests/it/cli/`.

mod asyncapi;
mod audit;
mod ban;
mod banner;
mod config;
mod consume;
mod context;
mod core_dumps;
mod create_user;
mod event;
mod exit;
mod healthcheck;
mod issue_token;
mod metrics;
mod migrate;
mod openapi;
mod output;
mod password_source;
mod selected;
mod serve;
mod waiting;

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::{ArgAction, ColorChoice, Parser, Subcommand};

use context::Context;
pub use exit::{CliError, Exit};
use output::{Format, Output};

use crate::config::Sources;
use crate::telemetry::{self, Verbosity};
use crate::worker::FailPoints;

/// A user and authentication service: serves it, and operates it.
#[derive(Debug, Parser)]
#[command(name = "svc", version, about, propagate_version = true, disable_help_subcommand = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed, 2 usage, 65 the data is refused, 67 no such user, session or ban,\n\
                        69 a dependency is out of reach, 73 it exists already, 77 not permitted, 78 configuration."
)]
pub struct Cli {
    /// Read settings from this file instead of `svc.toml` in the working folder
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Set one setting, over every other source; can be repeated
    #[arg(long, global = true, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// How to print what is asked for [default: table on a terminal, json elsewhere]
    #[arg(short, long, global = true, value_enum, value_name = "FORMAT")]
    output: Option<Format>,
    /// When to use colours; `NO_COLOR` is heeded
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    color: ColorChoice,
    /// Log errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Log more; twice: everything
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the HTTP API
    Serve(serve::Args),
    /// Hand events on, run their handlers, and clean up
    Consume(consume::Args),
    /// Bring the database's schema up to date, or show how it is
    Migrate(migrate::Args),
    /// Make an account
    CreateUser(create_user::Args),
    /// Make an access token for a user
    IssueToken(issue_token::Args),
    /// See what became of events, and hand them on again
    Event(event::Args),
    /// See who did what, and when
    Audit(audit::Args),
    /// Refuse the requests of addresses and accounts, for a while or until further notice
    Ban(ban::Args),
    /// Check or show the settings
    Config(config::Args),
    /// Ask a running service whether it is ready; for container health checks
    Healthcheck(healthcheck::Args),
    /// Print the OpenAPI document
    Openapi,
    /// Print the AsyncAPI document, which describes the events
    Asyncapi,
}

/// Runs a subcommand.
pub async fn run(cli: Cli) -> Result<(), CliError> {
    core_dumps::forbid()
        .map_err(|error| CliError::new(Exit::Failed, format!("core dumps cannot be turned off: {error}")))?;
    let output = Output::new(cli.output);
    // These print a constant, so they need no settings and no log.
    match cli.command {
        Command::Openapi => return openapi::run(),
        Command::Asyncapi => return asyncapi::run(),
        _ => {}
    }
    let sources = Sources::of_process(cli.config, cli.set);
    let loaded = sources.load()?;
    let verbosity = match (cli.quiet, cli.verbose) {
        (true, _) => Verbosity::Quiet,
        (false, 0) => Verbosity::Normal,
        (false, 1) => Verbosity::Verbose,
        (false, _) => Verbosity::Everything,
    };
    let colour = match cli.color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => std::io::stderr().is_terminal() && !sources.forbid_colour(),
    };
    let _log = telemetry::init(&loaded.settings.log, verbosity, colour);
    let fail_points = sources.fail_point().map(FailPoints::parse).unwrap_or_default();
    let mut context = Context { loaded, output, fail_points };
    match cli.command {
        Command::Serve(args) => serve::run(&mut context, &args).await,
        Command::Consume(args) => consume::run(&context, &args).await,
        Command::Migrate(args) => migrate::run(&context, &args).await,
        Command::CreateUser(args) => create_user::run(&context, args).await,
        Command::IssueToken(args) => issue_token::run(&context, args).await,
        Command::Event(args) => event::run(&context, &args).await,
        Command::Audit(args) => audit::run(&context, &args).await,
        Command::Ban(args) => ban::run(&context, args).await,
        Command::Config(args) => config::run(&context, &args),
        Command::Healthcheck(args) => healthcheck::run(&context, &args).await,
        Command::Openapi => openapi::run(),
        Command::Asyncapi => asyncapi::run(),
    }
}
