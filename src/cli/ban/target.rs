use crate::cli::exit::{CliError, Exit};
use crate::cli::selected::parse_user;
use crate::domain::{BanTargetRef, Email, NotANetwork, UserRef};

/// The account, where a ban is of one.
#[derive(Debug, clap::Args)]
pub(super) struct Account {
    /// ID of the user
    #[arg(long, value_name = "ID", group = "target")]
    user: Option<String>,
    /// Email address of the user
    #[arg(long, value_name = "ADDRESS", group = "target")]
    email: Option<String>,
}

impl Account {
    /// Returns `None` if no user is named.
    pub fn target(&self) -> Result<Option<BanTargetRef>, CliError> {
        let user = match (&self.user, &self.email) {
            // An email address is accepted too, as by every other `--user`.
            (Some(text), _) => parse_user(text)?,
            (None, Some(email)) => {
                let email = Email::parse(email);
                UserRef::Email(
                    email.map_err(|error| CliError::new(Exit::BadData, format!("--email: {error}")))?,
                )
            }
            (None, None) => return Ok(None),
        };
        Ok(Some(BanTargetRef::User(user)))
    }
}

/// Parses a network as a target.
pub(super) fn network(text: &str) -> Result<BanTargetRef, CliError> {
    let network = text.parse();
    network.map(BanTargetRef::Network).map_err(|error: NotANetwork| {
        CliError::new(Exit::BadData, format!("invalid target {text:?}: {error}"))
    })
}
