use crate::cli::exit::{CliError, Exit};
use crate::cli::selected::not_a_user;
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
        let refused = |reason: String| CliError::new(Exit::BadData, reason);
        let user = match (&self.user, &self.email) {
            (Some(text), _) => {
                // An email address is accepted too, as by every other `--user`.
                let user = text.parse::<UserRef>();
                user.map_err(|_| refused(not_a_user(text)))?
            }
            (None, Some(email)) => {
                let email = Email::parse(email).map_err(|error| refused(format!("--email: {error}")))?;
                UserRef::Email(email)
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
