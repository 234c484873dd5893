use clap::{Command, ValueEnum};
use clap_complete::{Shell, generate};

use super::exit::CliError;
use super::output::Output;

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc completions bash > ~/.local/share/bash-completion/completions/svc
  svc completions zsh > /usr/local/share/zsh/site-functions/_svc
  svc completions fish > ~/.config/fish/completions/svc.fish
  svc completions powershell >> $PROFILE")]
pub(super) struct Args {
    /// Shell that reads the script
    shell: Supported,
}

/// The shells for which a test reads the script.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Supported {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

pub(super) fn run(args: &Args, mut command: Command) -> Result<(), CliError> {
    let shell = match args.shell {
        Supported::Bash => Shell::Bash,
        Supported::Zsh => Shell::Zsh,
        Supported::Fish => Shell::Fish,
        Supported::Powershell => Shell::PowerShell,
    };
    let mut script = Vec::new();
    generate(shell, &mut command, "svc", &mut script);
    Output::print_text(&String::from_utf8_lossy(&script))
}
