//! The question before a command ends or deletes something.

use std::io::{self, IsTerminal, Write};

use super::exit::{CliError, Exit};
use crate::usecases::Confirmation;

/// The options of a command that ends or deletes something, or changes more than one thing.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(super) struct ConfirmArgs {
    /// Do not ask for confirmation [default: ask on a terminal, exit with code 2 elsewhere]
    #[arg(long)]
    yes: bool,
    /// Print what the command would do, and change nothing, also with --yes
    #[arg(long)]
    pub dry_run: bool,
}

impl ConfirmArgs {
    /// The confirmation, for a use case that counts what it would change.
    pub const fn given(self) -> Confirmation {
        match (self.dry_run, self.yes) {
            (true, _) => Confirmation::DryRun,
            (false, true) => Confirmation::Given,
            (false, false) => Confirmation::Missing,
        }
    }

    /// Decides whether to make a change, which `change` describes, as in "delete the user ada@example.com".
    /// Returns false for a dry run.
    ///
    /// Fails with [`Exit::Usage`] where there is no terminal to ask on, and with [`Exit::Failed`] if the
    /// operator declines. Call it after all checks and before the first change.
    pub fn decide(self, change: &str) -> Result<bool, CliError> {
        if self.dry_run || self.yes {
            return Ok(!self.dry_run);
        }
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            let how =
                format!("this would {change}: pass --yes to do it, or --dry-run to see what it would do");
            return Err(CliError::new(Exit::Usage, how));
        }
        let failed = |error: io::Error| {
            CliError::new(
                Exit::Failed,
                format!("failed to ask on the terminal, nothing was changed: {error}"),
            )
        };
        // On stderr, since stdout is for data.
        let mut stderr = io::stderr();
        write!(stderr, "This will {change}. Continue? [y/N] ")
            .and_then(|()| stderr.flush())
            .map_err(failed)?;
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).map_err(failed)?;
        if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
            Ok(true)
        } else {
            Err(CliError::new(Exit::Failed, "not confirmed, nothing was changed"))
        }
    }
}
