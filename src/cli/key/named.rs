use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::container::Container;
use crate::domain::KeyId;

/// The fewest characters of an abbreviated id.
const SHORTEST: usize = 4;

/// The key that a command is about.
#[derive(Debug, clap::Args)]
pub(super) struct KeyArgument {
    /// ID of the key, or the first characters of it; write an ID that begins with a hyphen after `--`
    #[arg(value_name = "KEY", allow_hyphen_values = true)]
    key: String,
}

impl KeyArgument {
    /// Finds the key. Fails if the text is the beginning of no id, or of several.
    pub async fn find(&self, context: &Context, container: &Container) -> Result<KeyId, CliError> {
        let keys = container.use_cases.keys.list.run().await.map_err(|failure| context.failure(&failure))?;
        let found: Vec<_> = keys.iter().filter(|key| key.id.0.starts_with(&self.key)).collect();
        match &*found {
            [_, ..] if self.key.len() < SHORTEST => Err(CliError::new(
                Exit::Usage,
                format!(
                    "{:?} is too short for the ID of a key: pass {SHORTEST} characters or more",
                    self.key
                ),
            )),
            [one] => Ok(one.id.clone()),
            [] => Err(CliError::new(
                Exit::NoUser,
                format!("there is no signing key {:?}: `svc key list` lists the keys", self.key),
            )),
            _ => Err(CliError::new(
                Exit::Usage,
                format!("{} keys begin with {:?}: pass more characters of the ID", found.len(), self.key),
            )),
        }
    }
}
