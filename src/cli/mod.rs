//! The command line.
//!
//! **Here**: one file per subcommand, named after it. They share `Context` (settings, output), the password
//! options and the exit codes.
//!
//! **May use**: everything, through the container.
//!
//! **To add one**: a file with its `Args` and one `run`, a variant of `Command` and its line in [`run`], a
//! test in `tests/it/cli/`, and its JSON in `tests/it/golden/commands.rs`.

mod asyncapi;
mod audit;
mod ban;
mod banner;
mod cell;
mod columns;
mod completions;
mod config;
mod confirm;
mod consume;
mod context;
mod core_dumps;
mod create_user;
mod doctor;
mod event;
mod exit;
mod hash_source;
mod healthcheck;
mod help;
mod invitation;
mod issue_token;
mod key;
mod listing;
mod man;
mod metrics;
mod migrate;
mod openapi;
mod operator;
mod output;
mod password_source;
mod prompt;
mod register;
mod secret_input;
mod secret_line;
mod selected;
mod serve;
mod service_manager;
mod session;
mod tables;
mod target;
mod token;
mod usage;
mod user;
mod values;
mod waiting;
mod wrap;

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ColorChoice, CommandFactory, Parser, Subcommand};

use context::Context;
pub use exit::{CliError, Exit};
use output::{Output, OutputOption};
use service_manager::ServiceManager;
pub use usage::refuse;

use crate::config::Sources;
use crate::telemetry::{self, Verbosity};
use crate::worker::FailPoints;

/// The heading of the options that every command has.
const GLOBAL: &str = "Global options";

/// A user and authentication service: serves it, and operates it.
#[derive(Debug, Parser)]
#[command(name = "svc", version, about, propagate_version = true, disable_help_subcommand = true)]
// Longer lines are hard to read, and do not fit the usual terminal.
#[command(max_term_width = 80)]
#[command(
    after_help = "Run `svc help exit-codes` for the exit codes.",
    after_long_help = "\
Examples:
  svc serve
  svc --config /etc/svc.toml config check
  svc -o json event stats

Run `svc help exit-codes` for the exit codes."
)]
#[command(disable_help_flag = true, disable_version_flag = true, args = standard_options())]
pub struct Cli {
    /// Read settings from FILE [default: svc.toml in the working directory]
    #[arg(long, global = true, value_name = "FILE", help_heading = GLOBAL)]
    config: Option<PathBuf>,
    /// Set one setting, with precedence over all other sources; can be repeated
    #[arg(long, global = true, value_name = "KEY=VALUE", help_heading = GLOBAL)]
    set: Vec<String>,
    /// Format of the output [default: table on a terminal, json elsewhere]
    #[arg(short, long, global = true, value_enum, value_name = "FORMAT", help_heading = GLOBAL)]
    output: Option<OutputOption>,
    /// When to use colours; auto respects `NO_COLOR`
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", help_heading = GLOBAL)]
    color: ColorChoice,
    /// Log errors only
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = GLOBAL)]
    quiet: bool,
    /// Log more; repeat to log everything
    #[arg(short, long, global = true, action = ArgAction::Count, help_heading = GLOBAL)]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the HTTP API
    Serve(serve::Args),
    /// Run the background worker: relay events, run handlers and clean-up jobs
    Consume(consume::Args),
    /// Migrate the database schema, or show which migrations are applied
    Migrate(migrate::Args),
    /// List, show and change users
    #[command(after_long_help = "\
Examples:
  svc user list --role admin
  svc user lock ada@example.com
  svc user set-password ada@example.com")]
    User(user::Args),
    /// List, show, revoke and explain sessions
    #[command(after_long_help = "\
Examples:
  svc session list --user ada@example.com
  svc session explain < token.txt
  svc session revoke --user ada@example.com")]
    Session(session::Args),
    /// List, resend and revoke invitations
    #[command(after_long_help = "\
Examples:
  svc invitation list
  svc invitation resend ada@example.com
  svc invitation revoke ada@example.com")]
    Invitation(invitation::Args),
    /// Decode access tokens
    #[command(after_long_help = "Examples:\n  svc token inspect < token.txt")]
    Token(token::Args),
    /// Create a user
    #[command(after_long_help = "\
Examples:
  svc create-user --email ada@example.com --role admin --verified
  svc create-user --email ada@example.com --generate-password
  svc create-user --email ada@example.com --password-file /run/secrets/ada
  svc create-user --email ada@example.com --password-hash-file ada.bcrypt

The output is the user as GET /api/v1/users/ID shows it, and with --generate-password the \
password.")]
    CreateUser(create_user::Args),
    /// Issue an access token for a user
    IssueToken(issue_token::Args),
    /// Inspect events, and replay or discard them
    #[command(after_long_help = "\
Examples:
  svc event stats
  svc event list --type user.locked --since 24h
  svc event replay --dead --dry-run")]
    Event(event::Args),
    /// Inspect the audit log: who did what, and when
    #[command(after_long_help = "Examples:\n  svc audit list --user ada@example.com")]
    Audit(audit::Args),
    /// Manage bans of IP addresses, networks and users
    #[command(after_long_help = "\
Examples:
  svc ban add 203.0.113.7 --for 2h --reason 'guesses passwords'
  svc ban list
  svc ban remove 203.0.113.7")]
    Ban(ban::Args),
    /// Manage the keys that sign access tokens
    #[command(after_long_help = "\
Examples:
  svc key list
  svc key rotate
  svc key retire KEY --compromised")]
    Key(key::Args),
    /// Check or show the settings
    #[command(after_long_help = "\
Examples:
  svc config check
  svc config show --sources")]
    Config(config::Args),
    /// Check the service and its surroundings, and say what to do about each problem
    ///
    /// Connects to everything that the settings name, and changes nothing. Exits with code 1 if a check
    /// failed.
    Doctor(doctor::Args),
    /// Check whether a running service is ready, for container health checks
    Healthcheck(healthcheck::Args),
    /// Print the OpenAPI document
    ///
    /// Its server is the public URL of the service, or an example if the settings are not valid.
    #[command(after_long_help = "Examples:\n  svc openapi > openapi.json")]
    Openapi,
    /// Print the AsyncAPI document, which describes all events
    #[command(after_long_help = "Examples:\n  svc asyncapi > asyncapi.json")]
    Asyncapi,
    /// Print a script that completes commands and options in a shell
    Completions(completions::Args),
    /// Write the manual pages of all commands into a folder
    Man(man::Args),
    /// Print the help of a command, or about a topic
    #[command(mut_arg("words", |words| words.value_parser(help::Words(Cli::command))))]
    Help(help::Args),
}

/// `--help` and `--version` under the heading of the global options: those of clap have the heading of the
/// command's own.
fn standard_options() -> [Arg; 2] {
    let option = |name, short, action, help| {
        let option = Arg::new(name).long(name).short(short).action(action).help(help);
        option.global(true).help_heading(GLOBAL).display_order(usize::MAX)
    };
    [
        option("help", 'h', ArgAction::Help, "Print help; -h prints a summary"),
        option("version", 'V', ArgAction::Version, "Print the version"),
    ]
}

/// Runs a subcommand.
pub async fn run(cli: Cli) -> Result<(), CliError> {
    core_dumps::forbid()
        .map_err(|error| CliError::new(Exit::Failed, format!("failed to disable core dumps: {error}")))?;
    let output = Output::new(cli.output);
    let is_key_list = matches!(&cli.command, Command::Key(args) if args.is_list());
    if output.is_pem && !is_key_list {
        return Err(CliError::new(Exit::Usage, "-o pem is for `svc key list` only"));
    }
    let sources = Sources::of_process(cli.config, cli.set);
    // These describe the binary, so they need no settings and no log.
    match &cli.command {
        Command::Openapi => return openapi::run(&sources),
        Command::Asyncapi => return asyncapi::run(&sources),
        Command::Completions(args) => return completions::run(args, Cli::command()),
        Command::Man(args) => return man::run(args, Cli::command()),
        Command::Help(args) => return help::run(args, &Cli::command()),
        _ => {}
    }
    let loaded = match (sources.load(), &cli.command) {
        (Err(errors), Command::Doctor(_)) => return doctor::refused(&output, &errors),
        (loaded, _) => loaded?,
    };
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
    let manager = ServiceManager::connect(&sources.manager_variables());
    let mut context = Context { loaded, output, fail_points, manager };
    match cli.command {
        Command::Serve(args) => serve::run(&mut context, &args).await,
        Command::Consume(args) => consume::run(&context, &args).await,
        Command::Migrate(args) => migrate::run(&context, &args).await,
        Command::User(args) => user::run(&context, args).await,
        Command::Session(args) => session::run(&context, args).await,
        Command::Invitation(args) => invitation::run(&context, args).await,
        Command::Token(args) => token::run(&context, args).await,
        Command::CreateUser(args) => create_user::run(&context, args).await,
        Command::IssueToken(args) => issue_token::run(&context, args).await,
        Command::Event(args) => event::run(&context, &args).await,
        Command::Audit(args) => audit::run(&context, &args).await,
        Command::Ban(args) => Box::pin(ban::run(&context, args)).await,
        Command::Key(args) => key::run(&context, args).await,
        Command::Config(args) => config::run(&context, &args),
        Command::Doctor(args) => doctor::run(&context, &args).await,
        Command::Healthcheck(args) => healthcheck::run(&context, &args).await,
        Command::Openapi => openapi::run(&sources),
        Command::Asyncapi => asyncapi::run(&sources),
        Command::Completions(args) => completions::run(&args, Cli::command()),
        Command::Man(args) => man::run(&args, Cli::command()),
        Command::Help(args) => help::run(&args, &Cli::command()),
    }
}
