use std::io::IsTerminal;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::exit::{CliError, Exit};
use super::output::Output;
use super::prompt::ask_hidden;
use super::secret_line::SecretLine;
use crate::adapters::system::SystemIds;
use crate::domain::PasswordPolicy;
use crate::ports::Ids;

/// The arguments of which a command takes one.
pub(super) const GROUP: &str = "password_source";

/// Where a password comes from. Never from an argument: every user of the machine can list those.
#[derive(Debug, Args)]
#[group(id = GROUP, multiple = false)]
pub(super) struct PasswordSource {
    /// Read the password from the first line of standard input [default: ask on a terminal]
    #[arg(long)]
    password_stdin: bool,
    /// Read the password from the first line of FILE [default: ask on a terminal]
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Generate a password and print it once [default: ask on a terminal]
    #[arg(long)]
    generate_password: bool,
}

/// A password, and whether it was generated and still has to be shown.
pub(super) struct GivenPassword {
    pub text: SecretString,
    pub generated: bool,
}

impl PasswordSource {
    /// Reads the password if it was given, in a file or on standard input: a dry run checks it, and neither
    /// generates one nor asks for one.
    pub fn read_given(&self, policy: PasswordPolicy) -> Result<Option<GivenPassword>, CliError> {
        (self.password_stdin || self.password_file.is_some()).then(|| self.read(policy)).transpose()
    }

    /// Reads or generates the password, or prompts for it twice on a terminal.
    pub fn read(&self, policy: PasswordPolicy) -> Result<GivenPassword, CliError> {
        const LINE: SecretLine = SecretLine("password");
        let text = if self.generate_password {
            Output::can_print_once()?;
            generate(policy)
        } else if self.password_stdin {
            LINE.of_stdin()?
        } else if let Some(path) = &self.password_file {
            LINE.of_file(path)?
        } else if std::io::stdin().is_terminal() {
            ask()?
        } else {
            let ways = "no password: pass --password-stdin, --password-file FILE or --generate-password \
                        (or run the command on a terminal to be asked)";
            return Err(CliError::new(Exit::Usage, ways));
        };
        Ok(GivenPassword { text, generated: self.generate_password })
    }
}

/// 128 bits as 22 characters, repeated until the policy's minimum is reached.
fn generate(policy: PasswordPolicy) -> SecretString {
    let mut text = Zeroizing::new(String::new());
    while text.is_empty() || text.len() < policy.shortest() {
        text.push_str(&URL_SAFE_NO_PAD.encode(SystemIds.salt().0));
    }
    text.truncate(policy.longest());
    SecretString::from(text.as_str())
}

fn ask() -> Result<SecretString, CliError> {
    let first = ask_hidden("Password: ")?;
    let second = ask_hidden("Repeat the password: ")?;
    if first.expose_secret() == second.expose_secret() {
        Ok(first)
    } else {
        Err(CliError::new(Exit::BadData, "the two passwords differ; nothing was changed"))
    }
}
